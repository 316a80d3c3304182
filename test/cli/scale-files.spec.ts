import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { projectFile } from '#platform';
import { readApiConfig } from '../../apps/api/src/config.js';
import { commands } from '../../apps/cli/src/insigne.js';
import { transcriptFile } from '../../apps/cli/src/key-ceremony.js';
import { readWorkerConfig } from '../../apps/worker/src/config.js';

const text = (name: string): string => readFileSync(projectFile('docker', name), 'utf8');
const documents = text('kubernetes.yaml').split(/^---$/m);
const pod = (name: string): string =>
  documents.find((one) => new RegExp(`name: ${name}(-[\\d-]+)?,`).test(one) && one.includes('containers:'))!;

/** Names and values of a pod's environment, with those of the ConfigMap. */
const environmentOf = (manifest: string): Record<string, string> =>
  Object.fromEntries([
    ...[...manifest.matchAll(/\{ name: ([A-Z_]+), value: "?([^" }]+)"? \}/g)].map(([, name, value]) => [
      name,
      value,
    ]),
    ...[...documents[0]!.matchAll(/^ {2}([A-Z_]+): (\S+)$/gm)].map(([, name, value]) => [name, value]),
  ]);

const servicesOf = (compose: string): string[] =>
  [...compose.slice(compose.indexOf('\nservices:')).matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name!);

/** Names of a schema's faults that say a variable is missing. */
const missing = (read: () => unknown): string[] => {
  try {
    read();
    return [];
  } catch (error) {
    return ((error as { faults?: { message: string }[] }).faults ?? []).map((fault) => fault.message);
  }
};

describe('kubernetes.yaml', () => {
  it('starts two api and three worker pods, with commands that the image knows', () => {
    expect(pod('insigne-api')).toMatch(/^ {2}replicas: 2$/m);
    expect(pod('insigne-worker')).toMatch(/^ {2}replicas: 3$/m);
    const started = documents.flatMap((one) =>
      [...one.matchAll(/args: \["(\w+)"\]/g)].map(([, name]) => name),
    );
    expect(started).toEqual(['migrate', 'api', 'worker']);
    for (const name of started)
      if (existsSync(projectFile('apps', name!, 'src', 'main.ts')))
        expect(text('insigne')).toMatch(new RegExp(`^ {2}(\\w+ \\| )?${name}[ |)]`, 'm'));
      else expect([...commands.keys()]).toContain(name);
  });

  it('says in its header how roles get the passwords with which api and worker log in, before it is applied', () => {
    const header = documents[0]!.split('\n').filter((line) => line.startsWith('#'));
    const at = (words: string): number => header.findIndex((line) => line.includes(words));
    const steps = [
      'sh docker/make-secrets.sh',
      'sed -i',
      'sh docker/make-roles.sh',
      'kubectl create',
      'kubectl apply',
    ];
    expect(steps.map(at)).not.toContain(-1);
    expect(steps.map(at)).toEqual(steps.map(at).sort((a, b) => a - b));
    // The address that the line replaces is the one that the script writes.
    const [, host] = /sed -i 's\/(.+?)\/@/.exec(header.join('\n'))!;
    expect(text('make-secrets.sh')).toContain(`${host}/insigne`);
    const [, secrets] = /SECRETS=(\S+) .*make-roles/.exec(header.join('\n'))!;
    expect(text('make-secrets.sh')).toContain(secrets);
  });

  it('names the job of each version anew: its pods cannot be changed once it is there', () => {
    const job = documents.find((one) => /^kind: Job$/m.test(one))!;
    const name = /^metadata: \{ name: ([\w-]+),/m.exec(job)![1];
    const version = /image: \S+\/insigne:(\S+)$/m.exec(job)![1]!;
    expect(name).toBe(`insigne-migrate-${version.replaceAll('.', '-')}`);
    expect(job).toMatch(/^ {2}ttlSecondsAfterFinished: \d+$/m);
  });

  it('gives each program every variable it asks for', () => {
    const worker = environmentOf(pod('insigne-worker'));
    const given = {
      ...worker,
      DATABASE_URL: 'postgres://x',
      INSIGNE_METRICS_TOKEN: '0f9c1d7ab3e2486591cd70fe',
    };
    expect(readWorkerConfig(given)).toMatchObject({ WORKER_HOST: '0.0.0.0', WORKER_PORT: 9464 });
    const api = environmentOf(pod('insigne-api'));
    // Everything but the file itself, which lies in the cluster.
    expect(() => readApiConfig({ ...api, DATABASE_URL: 'postgres://x' })).toThrow(/ENOENT.*token_secret/);
    const { INSIGNE_ORIGIN: _origin, ...without } = worker;
    expect(missing(() => readWorkerConfig({ ...without, DATABASE_URL: 'postgres://x' })).join()).toContain(
      'INSIGNE_ORIGIN',
    );
  });

  it('asks addresses that exist, and gives the worker time to finish its batches', () => {
    for (const name of ['insigne-api', 'insigne-worker'])
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
        expect(pod(name)).toContain(probe);
    const asked = [
      ...text('kubernetes.yaml').matchAll(/httpGet: \{ path: (\/\w+), port: (?:http|metrics) \}/g),
    ].map(([, path]) => path);
    expect(asked).toHaveLength(6);
    for (const path of asked) expect(['/ready', '/health']).toContain(path);
    for (const name of ['insigne-api', 'insigne-worker'])
      expect(pod(name)).toMatch(/terminationGracePeriodSeconds: 3[05]/);
  });

  it('lets Prometheus read every pod, with a token that each gets as a file and that lies in a secret of its own', () => {
    for (const [name, port] of [
      ['insigne-api', '4180'],
      ['insigne-worker', '9464'],
    ]) {
      expect(pod(name!)).toContain(`prometheus.io/scrape: "true", prometheus.io/port: "${port}"`);
      expect(pod(name!)).toContain(`containerPort: ${port}`);
      expect(pod(name!)).toContain('secretName: insigne-metrics');
      expect(environmentOf(pod(name!)).INSIGNE_METRICS_TOKEN_FILE).toBe('/run/secrets/metrics/token');
    }
    expect(environmentOf(pod('insigne-worker')).WORKER_HOST).toBe('0.0.0.0');
    for (const name of ['insigne-migrate', 'insigne-cli']) expect(pod(name)).not.toContain('insigne-metrics');
    const made = [...text('kubernetes.yaml').matchAll(/create secret generic ([\w-]+)/g)].map(
      ([, one]) => one,
    );
    const used = [...text('kubernetes.yaml').matchAll(/secretName: ([\w-]+)/g)].map(([, one]) => one);
    expect(made.sort()).toEqual([...new Set(used)].sort());
  });

  it('runs nothing as root, and nothing may write where the program lies', () => {
    for (const one of documents.filter((manifest) => manifest.includes('containers:'))) {
      expect(one).toContain('runAsNonRoot: true');
      const containers = one.match(/^ +image: /gm)!.length;
      expect(one.match(/readOnlyRootFilesystem: true/g)).toHaveLength(containers);
      expect(one.match(/allowPrivilegeEscalation: false/g)).toHaveLength(containers);
      expect(one.match(/drop: \[ALL\]/g)).toHaveLength(containers);
    }
  });

  it('shows the master key to the worker alone, and to the command line while it is wanted', () => {
    expect(pod('insigne-worker')).toContain('secretName: insigne-worker');
    expect(pod('insigne-cli')).toMatch(/^ {2}replicas: 0$/m);
    for (const name of ['insigne-api', 'insigne-migrate'])
      expect(pod(name)).not.toMatch(/insigne-worker|MASTER_KEY/);
    expect(pod('insigne-worker')).not.toContain('token_secret');
  });

  it('hands out secrets with rights that the programs accept: to their group, to nobody else', () => {
    const secrets = [...text('kubernetes.yaml').matchAll(/secretName: [\w-]+, defaultMode: (\d+)/g)];
    expect(secrets.length).toBeGreaterThanOrEqual(6);
    for (const [, mode] of secrets) expect(mode).toBe('0440');
  });

  it('gives the command line the three addresses of the database, the archive and the master key', () => {
    const cli = environmentOf(pod('insigne-cli'));
    expect(cli).toMatchObject({
      DATABASE_URL_FILE: '/run/secrets/owner/url',
      INSIGNE_API_DATABASE_URL_FILE: '/run/secrets/api/url',
      INSIGNE_WORKER_DATABASE_URL_FILE: '/run/secrets/worker/url',
      INSIGNE_KEY_SERVICE: 'file:/run/secrets/worker/master_key',
      INSIGNE_ARCHIVE_FOLDER: '/app/data/archive',
    });
    for (const role of ['owner', 'api', 'worker'])
      expect(pod('insigne-cli')).toMatch(
        new RegExp(`name: ${role}, secret: \\{ secretName: insigne-${role},`),
      );
  });

  it('asks for no more processors than a small cluster has: a worker needs one while it signs alone', () => {
    const asked = [...text('kubernetes.yaml').matchAll(/requests: \{ cpu: (\w+)/g)].map(([, cpu]) => cpu);
    expect(asked).toEqual(['100m', '250m', '250m', '100m']);
  });

  it('gives the archive to the migration, which compares it with the database, and to the worker', () => {
    const migrate = pod('insigne-migrate');
    expect(migrate).toContain('{ name: archive, mountPath: /app/data/archive }');
    expect(environmentOf(migrate).INSIGNE_ARCHIVE_FOLDER).toBe('/app/data/archive');
    const worker = pod('insigne-worker');
    expect(worker).toContain('{ name: archive, mountPath: /app/data/archive }');
    for (const one of [migrate, worker]) expect(one).toContain('claimName: insigne-archive');
    expect(documents.find((one) => one.includes('PersistentVolumeClaim'))).toContain('ReadWriteMany');
  });

  it('limits the memory of every program, and gives each a place for what is temporary', () => {
    for (const name of ['insigne-migrate', 'insigne-api', 'insigne-worker', 'insigne-cli']) {
      expect(pod(name)).toMatch(
        /resources: \{ requests: \{ cpu: "?\w+"?, memory: \d+Mi \}, limits: \{ memory: \d+Mi \} \}/,
      );
      expect(pod(name)).toContain('{ name: tmp, mountPath: /tmp }');
    }
  });

  it('mounts only volumes that it has', () => {
    for (const one of documents.filter((manifest) => manifest.includes('containers:'))) {
      const volumes = one.slice(one.lastIndexOf('      volumes:'));
      const mounted = [...one.matchAll(/\{ name: (\w+), mountPath/g)].map(([, name]) => name);
      expect(mounted.length).toBeGreaterThan(0);
      for (const name of mounted) expect(volumes).toContain(`name: ${name},`);
    }
  });
});

describe('compose.scale.yaml', () => {
  const scale = text('compose.scale.yaml');
  it('makes more of services that compose.yaml has, and adds a proxy alone', () => {
    const known = servicesOf(text('compose.yaml'));
    expect(servicesOf(scale).filter((name) => !known.includes(name))).toEqual(['proxy']);
    expect(scale).toMatch(/api:[\s\S]*?replicas: 2/);
    expect(scale).toMatch(/worker:[\s\S]*?replicas: 3/);
  });

  it('sends the proxy to the port that the api listens on, with a file that exists', () => {
    expect(existsSync(projectFile('docker', 'nginx.conf'))).toBe(true);
    const port = /PORT: "(\d+)"/.exec(text('compose.yaml'))![1];
    expect(text('nginx.conf')).toContain(`http://api:${port}`);
    expect(scale).toContain(':8080"');
    expect(text('nginx.conf')).toContain('listen 8080;');
  });

  it('keeps the status lists of the proxy in a volume, and serves an old one only when there is no new one', () => {
    const [, folder] = /proxy_cache_path (\S+) keys_zone=lists:.* inactive=2d /.exec(text('nginx.conf'))!;
    expect(scale).toContain(`- lists:${folder}\n`);
    expect(scale).toMatch(/^volumes:\n {2}lists: \{\}$/m);
    expect(text('nginx.conf').match(/^ *proxy_cache lists;$/gm)).toHaveLength(1);
    const [, stale] = /proxy_cache_use_stale (.*);/.exec(text('nginx.conf'))!;
    expect(stale).toBe('error timeout http_500 http_502 http_503 http_504');
    expect(text('nginx.conf')).not.toContain('proxy_cache_background_update');
  });

  it('lets the proxy write no address of a request anywhere', () => {
    const logs = [...text('nginx.conf').matchAll(/^ *((?:access|error)_log .*;)$/gm)].map(([, line]) => line);
    expect(logs).toEqual(['access_log off;', 'error_log stderr crit;']);
  });
});

describe('every file that starts containers', () => {
  const files = ['compose.yaml', 'compose.scale.yaml', 'kubernetes.yaml'];
  const { version } = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string };
  const images = files.flatMap((name) =>
    [...text(name).matchAll(/^ +image: (\S+)$/gm)].map(([, image]) => image!),
  );

  it('names the version of every image, and this one of ours', () => {
    expect(images.length).toBeGreaterThan(6);
    for (const image of images) expect(image).toMatch(/:\d[\w.-]*$/);
    const own = images.filter((image) => /(^|\/)insigne:/.test(image));
    expect(new Set(own.map((image) => image.split(':').at(-1)))).toEqual(new Set([version]));
  });

  it.each(files)('gives only variables that .env.example explains: %s', (name) => {
    const explained = readFileSync(projectFile('.env.example'), 'utf8');
    const given = [...text(name).matchAll(/(?:^ +|name: )([A-Z][A-Z_]+)(?:: |, value)/gm)].map(
      ([, one]) => one!,
    );
    expect(given.length).toBeGreaterThan(0);
    // These files are the start script's own; POSTGRES_… are those of PostgreSQL's image.
    const scripts = /(?:DATABASE_URL|METRICS_TOKEN)_FILE$/;
    const own = given.filter((one) => !/^POSTGRES_/.test(one) && !scripts.test(one));
    for (const one of own) expect(explained).toMatch(new RegExp(`^#?${one}=`, 'm'));
    for (const one of given.filter((each) => scripts.test(each)))
      expect(text('insigne')).toMatch(new RegExp(`\\b${one.replace(/_FILE$/, '')}\\b`));
  });

  it('keeps the transcripts of key ceremonies where they outlast the command line: in a volume of their own', () => {
    const folderIn = (data: string): string => dirname(transcriptFile(data, new Date(), 'slug'));
    const compose = text('compose.yaml');
    const cli = /^ {2}cli:\n(?: {4}.*\n)+/m.exec(compose)![0];
    // The image's own data folder: nothing names another one.
    expect(cli).not.toContain('INSIGNE_DATA');
    expect(cli).toContain(`"ceremonies:${folderIn('/app/data')}"`);
    expect(compose).toMatch(/^volumes:\n(?: {2}\w+:\n)* {2}ceremonies:$/m);
    // A volume begins as what the image has there, and belongs to whom that belongs.
    expect(text('Dockerfile')).toMatch(
      new RegExp(`mkdir -p [^&]*${folderIn('/app/data')} && chown -R node:node /app/data$`, 'm'),
    );
    const data = environmentOf(pod('insigne-cli')).INSIGNE_DATA!;
    expect(pod('insigne-cli')).toContain(`{ name: data, mountPath: ${data} }`);
    expect(pod('insigne-cli')).toContain(`{ name: ceremonies, mountPath: ${folderIn(data)} }`);
    const [, claim] = /name: ceremonies, persistentVolumeClaim: \{ claimName: ([\w-]+) \}/.exec(
      pod('insigne-cli'),
    )!;
    const claims = documents.filter((one) => /^kind: PersistentVolumeClaim$/m.test(one));
    expect(claims.filter((one) => one.includes(`name: ${claim},`))).toHaveLength(1);
    expect(claim).not.toBe('insigne-archive');
  });

  it('is called in the guide with files, services and commands that exist', () => {
    const guide = readFileSync(projectFile('docs', 'guides', 'operations.md'), 'utf8');
    const calls = [...guide.matchAll(/docker compose ((?:-f \S+ )+)(run|exec|stop) ([^`\n]*)/g)];
    expect(calls.length).toBeGreaterThan(6);
    for (const [call, names = '', verb, rest = ''] of calls) {
      for (const name of names.match(/[^ ]+\.yaml/g)!)
        expect([call, existsSync(projectFile(name))]).toEqual([call, true]);
      const words = rest.split(' ');
      const service = servicesOf(text('compose.yaml')).find((one) => words.includes(one));
      expect([call, service]).toEqual([call, verb === 'run' ? 'cli' : expect.any(String)]);
      if (verb !== 'run') continue;
      const [first = '', second = ''] = words.slice(words.indexOf('cli') + 1);
      expect([call, first === 'help' || commands.has(first) || commands.has(`${first} ${second}`)]).toEqual([
        call,
        true,
      ]);
    }
  });

  it('lets nobody wait longer than it lives: the worker drains within what compose and Kubernetes grant', () => {
    const drains = /drainMs = ([\d_]+)/.exec(
      readFileSync(projectFile('apps', 'worker', 'src', 'sign-worker.ts'), 'utf8'),
    );
    const seconds = Number(drains![1]!.replaceAll('_', '')) / 1_000;
    const granted = [
      ...[...text('compose.yaml').matchAll(/stop_grace_period: (\d+)s/g)].map(([, n]) => Number(n)),
      ...[...text('kubernetes.yaml').matchAll(/terminationGracePeriodSeconds: (\d+)/g)].map(([, n]) =>
        Number(n),
      ),
    ];
    expect(granted).toHaveLength(4);
    for (const grace of granted) expect(grace).toBeGreaterThanOrEqual(seconds + 5);
  });

  it('gives a start on a busy machine two minutes before it counts as failed', () => {
    const periods = [...text('compose.yaml').matchAll(/start_period: (\d+)s/g)].map(([, n]) => Number(n));
    expect(periods).toEqual([120, 120]);
    const probes = [
      ...text('kubernetes.yaml').matchAll(
        /startupProbe:[\s\S]*?periodSeconds: (\d+)[\s\S]*?failureThreshold: (\d+)/g,
      ),
    ];
    expect(probes.map(([, period, failures]) => Number(period) * Number(failures))).toEqual([120, 120]);
  });

  it('tells the api whose word about addresses it believes, wherever a proxy stands before it', () => {
    expect(text('compose.scale.yaml')).toContain('INSIGNE_TRUSTED_PROXIES: loopback,uniquelocal');
    expect(documents[0]).toContain('INSIGNE_TRUSTED_PROXIES: loopback,uniquelocal');
    expect(text('nginx.conf')).toContain('X-Forwarded-For $proxy_add_x_forwarded_for');
  });
});
