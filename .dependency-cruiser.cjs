// Who may import whom (docs/ARCHITECTURE.md, section 2). Upward it is a line without loops:
// platform → people, frameworks, signing, baking → workshops, verification → badges → apps.
const libraries = {
  platform: [],
  people: ['platform'],
  frameworks: ['platform'],
  signing: ['platform'],
  baking: ['platform'],
  workshops: ['people', 'frameworks', 'platform'],
  documents: ['platform'],
  verification: ['signing', 'baking', 'platform'],
  badges: ['workshops', 'frameworks', 'people', 'signing', 'platform'],
};

// What a program needs to refuse a weak secret before it loads the rest (ADR 0015).
const lightDoors = '^libs/(platform/src/basics|signing/src/secrets)\\.ts$';

const upward = Object.entries(libraries).map(([library, allowed]) => ({
  name: `${library}-imports-only-${allowed.length === 0 ? 'packages' : allowed.join('-')}`,
  comment: 'A library knows only what lies below it.',
  severity: 'error',
  from: { path: `^libs/${library}/` },
  to: { path: '^(apps|libs|tools)/', pathNot: `^libs/(${[library, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'no-loop',
      comment: 'Two decorated classes in a loop crash NestJS at start.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-through-the-door',
      comment: 'Another library is used through #name, its index.ts, alone.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$', lightDoors] },
    },
    {
      name: 'apps-only-through-the-door',
      comment: 'An app uses libraries through #name; apps/cli alone also starts processes (libs/platform/src/processes.ts).',
      severity: 'error',
      from: { path: '^apps/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^libs/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/platform/src/processes\\.ts$', lightDoors] },
    },
    {
      name: 'only-the-cli-starts-processes',
      comment: 'The api and the worker must not carry code that starts programs.',
      severity: 'error',
      from: { path: '^apps/', pathNot: '^apps/cli/' },
      to: { path: '^libs/platform/src/(processes|process-supervisor|embedded-postgres.*)\\.ts$' },
    },
    {
      name: 'light-doors-stay-light',
      comment: 'What they reach is loaded before a weak secret is refused.',
      severity: 'error',
      from: { path: lightDoors },
      to: {
        path: ['^libs/platform/src/(index|database|queue)\\.ts$', 'node_modules/(typeorm|bullmq|jsonld|@nestjs)/'],
        reachable: true,
      },
    },
    {
      name: 'not-the-own-door',
      comment: 'Inside a library files are imported directly: its own door is how loops begin.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^libs/$1/src/index\\.ts$' },
    },
    {
      name: 'no-other-app',
      comment: 'What two apps need belongs in a library.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'verification-knows-no-database',
      comment: 'Anybody may verify anything without our database.',
      severity: 'error',
      from: { path: '^libs/verification/' },
      to: { path: ['node_modules/(typeorm|pg|bullmq|ioredis)/', '^libs/platform/src/(database|queue)\\.ts$'] },
    },
    {
      name: 'signing-knows-no-queue-and-no-http',
      comment: 'JSON in, proof out.',
      severity: 'error',
      from: { path: '^libs/signing/' },
      to: { path: 'node_modules/(bullmq|ioredis|fastify|@nestjs/platform-fastify)/' },
    },
    {
      name: 'libraries-know-no-http',
      comment: 'HTTP, and the framework that serves it, is for the apps: the command line needs neither.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: 'node_modules/(fastify|@fastify|@nestjs/[^/]+|preact|preact-render-to-string)/' },
    },
    {
      name: 'words-are-read-before-anything-is-loaded',
      comment: 'A command that is not understood is refused at once.',
      severity: 'error',
      from: { path: '^apps/cli/src/(words/[^/]+|insigne|help|terminal)\\.ts$', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '.',
        pathNot: '^apps/cli/src/(words/[^/]+|help|terminal)\\.ts$',
        dependencyTypesNot: ['dynamic-import', 'type-only', 'core'],
      },
    },
    {
      name: 'no-tests-in-the-program',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: ['^test/', '\\.spec\\.tsx?$'] },
    },
    {
      name: 'no-development-package-in-the-program',
      comment: 'The image is installed with --omit=dev.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec(-support)?\\.tsx?$', '\\.d\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(data|assets|published)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default', 'require'],
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
