import { help } from '../help.js';
import { commands, insigne, run } from '../insigne.js';
import { type CommandWords, readWords, Usage } from './command-words.js';
import { instantOf } from './instants.js';
import { actorIn } from './who.js';

const complete = [...commands].filter(([, { load }]) => load);
const uuid = '01890000-0000-7000-8000-000000000000';

const notCodes = [
  ...[
    'Odile FICTIVE',
    'Odile',
    'odile',
    'Zoé-2',
    'odile2@example.org',
    '',
    'a',
    '7',
    'adm_2',
    'adm-',
    '2--a',
  ],
  ...['0612345678', '06-12-34-56-78', '+33612345678', '1984-05-12', 'a-code-that-is-too-long-2', `${uuid}0`],
];
/** What changes a status, takes something back, decides, gives out or changes keys. */
const changing =
  /^(badge (?!list|history)|session (?!list)|held resolve|import campaign|endorse (?!list)|record (?!list)|keys (?!list)|queue retry|admin-link|organisation (?!list)|client create|restore )/;
const readableBy = ({ options, hasActor }: CommandWords): boolean =>
  hasActor === true || 'by' in (options ?? {});

describe('every command', () => {
  it('of the help is known, and the other way round', () => {
    const told = [...help.en!.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
    const known = [...commands.keys(), 'verify'].map((name) => name.split(' ')[0]);
    expect(new Set(known)).toEqual(new Set(told));
  });

  it.each([...commands])('%s says how it is written, in words that it understands', (name, { usage }) => {
    expect(usage).toContain(`insigne ${name.split(' ')[0]}`);
  });

  it.each(complete)('%s refuses an option that it does not have, naming it', (_, command) => {
    expect(() => readWords(command, ['--nonsense'])).toThrow('--nonsense');
  });

  it.each(complete.filter(([, { hasActor }]) => hasActor))(
    '%s says that it takes --by, and refuses a name, an address and a number there',
    (_, command) => {
      expect(command.usage).toContain('--by CODE');
      for (const by of notCodes) expect(() => readWords(command, ['--by', by, uuid])).toThrow(/--by( :|:) /);
    },
  );

  it.each(complete.filter(([name]) => changing.test(name)))('%s can be told who acts', (_, command) => {
    expect(command.usage).toMatch(/--by (NAME\|)?CODE/);
    expect(readableBy(command)).toBe(true);
  });

  it.each(complete.filter(([name]) => !changing.test(name)))('%s asks nobody who acts', (_, command) => {
    expect(readableBy(command)).toBe(false);
  });

  it.each(complete.filter(([, { most = 0 }]) => Number.isFinite(most)))(
    '%s refuses more words than it has room for',
    (_, command) => {
      expect(() => readWords(command, ['one', 'two'])).toThrow(Usage);
    },
  );
});

describe('words that are not understood are refused before anything is opened:', () => {
  it.each([
    'melt',
    'toString',
    'keys',
    'keys melt',
    'keys create',
    'keys create --by  ',
    'keys rotate --older-than soon',
    'keys retire',
    'keys retire ed-1',
    'keys rewrap',
    'keys compromise --key x',
    'keys compromise --key x --since yesterday',
    'keys compromise --key x --since 2026-02-30',
    'keys compromise --since 2026-01-01',
    'keys compromise --since 2026-01-01 --key x --every-key',
    'badge',
    'badge sign',
    'badge publish',
    'badge publish x',
    'badge withdraw',
    'badge withdraw x',
    'badge bind',
    `badge bind ${uuid}`,
    'badge bind x --email lou@example.org',
    'badge unbind x',
    `badge unbind ${uuid} --email lou@example.org`,
    'badge suspend --reason fraud',
    'badge history',
    'badge revoke',
    'badge revoke x',
    'badge revoke --reason fraud',
    'badge revoke x --all-orphans --reason fraud',
    'badge revoke x --orphan --reason fraud --dry-run',
    'badge replace',
    'badge replace x --held-on 2026-02-30',
    'session',
    'session start x --organisation y',
    'session withdraw',
    'session list x',
    'endorse',
    'endorse ask --target badge',
    'endorse ask --target achievement',
    'endorse ask --target issuer --achievement x',
    'endorse ask --days 91',
    'endorse accept x',
    `endorse refuse ${uuid} --learner-agreed`,
    'endorse give http://x/endorse/y',
    'record',
    `record make ${uuid}`,
    `record make ${uuid} --consented-on 2026-02-30 --consent said`,
    `record make ${uuid} --consented-on 2026-02-20 --consent thought`,
    'record make x --consented-on 2026-02-20 --consent said',
    'record withdraw x',
    'held',
    'held resolve',
    `held resolve ${uuid} --decision perhaps`,
    `held resolve ${uuid} --decision discard --keep-row first`,
    'import',
    'import campaign',
    'import campaign one two',
    'organisation',
    'organisation create --kind structure --slug x',
    'organisation create --kind club --slug x --name X',
    'organisation change --organisation x',
    'client',
    'queue x',
    'queue show',
    'queue show B-CE-1',
    'queue retry',
    `queue retry ${uuid} --all`,
    'queue retry B-CE-1',
    'check --since 2026-02-30',
    'audit',
    'audit export --until soon',
    'restore',
    'migrate now',
    'up --port',
  ])('insigne %s', async (line) => {
    await expect(run(line.split(' '))).rejects.toThrow(Usage);
  });

  it.each([
    'keys compromise --key x --since 2026-01-01T10:00:00+01:00',
    'keys rotate --older-than 30 --dry-run --json',
    'endorse ask',
    `endorse ask --target badge --award ${uuid} --days 90`,
    `record make ${uuid} --consented-on 2026-02-20 --consent said`,
    'organisation change --email contact@example.org',
    'badge revoke x y --reason fraud --expect d',
    'badge revoke --all-orphans --reason fraud',
    'import frameworks a b c',
    `queue retry ${uuid} ${uuid}`,
    'queue --json --watch',
    'check --since 2024-02-29',
  ])('but not insigne %s', (line) => {
    const [one, two, ...rest] = line.split(' ');
    const command = commands.get(`${one} ${two}`);
    const args = command ? rest : line.split(' ').slice(1);
    expect(() => readWords((command ?? commands.get(one!))!, args)).not.toThrow();
  });

  it('with exit code 64 and the help, in the terminal’s language', async () => {
    const said: string[] = [];
    const { error } = console;
    const { LC_ALL } = process.env;
    console.error = (line: string) => void said.push(line);
    try {
      for (const language of ['fr_FR.UTF-8', 'C']) {
        process.env.LC_ALL = language;
        expect(await insigne(['keys', 'retire'])).toBe(64);
      }
    } finally {
      console.error = error;
      if (LC_ALL === undefined) delete process.env.LC_ALL;
      else process.env.LC_ALL = LC_ALL;
    }
    expect(said[0]).toMatch(/^Il manque --key ID\.\ninsigne keys list.*insigne COMMANDE/s);
    expect(said[1]).toMatch(/^--key ID is missing\.\ninsigne keys list.*insigne COMMAND\n/s);
  });
});

describe('who acts', () => {
  it.each([
    ['adm-2', 'cli:adm-2'],
    ['ADM-2', 'cli:adm-2'],
    [' q7 ', 'cli:q7'],
    ['123456', 'cli:123456'],
    [uuid, `cli:${uuid}`],
  ])('--by %p is %s', (by, actor) => {
    expect(actorIn({ values: { by } })).toBe(actor);
  });

  it.each([undefined, ...notCodes])('--by %p is nobody in particular', (by) => {
    expect(actorIn({ values: { by } })).toBe('cli');
    expect(actorIn({ values: { by } }, 'command-line')).toBe('command-line');
  });
});

describe('the instant of a theft', () => {
  it.each([
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T08:00Z', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T08:00:00.5+01:00', '2026-11-22T07:00:00.500Z'],
  ])('%s is %s', (text, instant) => {
    expect(instantOf(text)?.toJSON()).toBe(instant);
  });

  it.each(['', 'yesterday', '2026-02-30', '2026-11-22T08:00', '2026-11-22T25:00Z', '22/11/2026'])(
    '%p is none',
    (text) => {
      expect(instantOf(text)).toBeUndefined();
    },
  );
});
