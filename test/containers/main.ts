// npm run test:containers [-- --badges 2000 --keep]

import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { projectFile } from '#platform';
import { Client, origin } from './client.js';
import { Compose, engine } from './compose.js';

const [apis, workers, registerOf, verified] = [2, 3, 100, 20];
const programme = 'programme-exemple';
const structure = 'chantier-exemple';

const faults: string[] = [];
const tell = (words: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${words}`);
const expect = (words: string, isSo: boolean): void => {
  tell(`${isSo ? 'yes' : 'NO '} ${words}`);
  if (!isSo) faults.push(words);
};

const waiting = "select count(*) from credential where state = 'planned'";

/** An installation's first steps, as docs/guides/operations.md has them. */
async function settle(compose: Compose): Promise<Client> {
  await compose.insigne('import', 'frameworks');
  const organisation = ['organisation', 'create', '--name', 'Exemple (fictif)'];
  await compose.insigne(...organisation, '--kind', 'programme', '--slug', programme);
  await compose.insigne(...organisation, '--kind', 'structure', '--slug', structure, '--parent', programme);
  await compose.insigne('import', 'catalogue', '--organisation', programme);
  const made = await compose.insigne('client', 'create', '--organisation', structure, '--name', 'test');
  const { clientId, secret } = JSON.parse(made) as { clientId: string; secret: string };
  return new Client(structure, clientId, secret);
}

/** Hands in registers, three at once, and lets one thing after the other crash meanwhile. */
async function issueUnderCrashes(compose: Compose, client: Client, registers: number): Promise<void> {
  const crashes: [string, () => Promise<void>][] = [
    ['a worker', () => compose.crash('worker', 1)],
    ['an api', () => compose.crash('api', 1)],
    ['the queue', () => compose.loseQueue()],
    ['the database', () => compose.breakDatabase()],
    ['another worker', () => compose.crash('worker', 2)],
    ['the other api', () => compose.crash('api', 2)],
  ];
  const between = Math.max(1, Math.floor(registers / (crashes.length + 1)));
  let [next, done] = [0, 0];
  const handIn = async (): Promise<void> => {
    while (next < registers) {
      next += 1;
      const number = next;
      await client.handIn(number, registerOf);
      done += 1;
      const [words, crash] = (number % between === 0 && crashes.shift()) || [];
      tell(`${done * registerOf} badges planned${words ? `; crash of ${words}` : ''}`);
      await crash?.();
    }
  };
  await Promise.all([handIn(), handIn(), handIn()]);
}

async function drained(compose: Compose): Promise<void> {
  for (const end = Date.now() + 30 * 60_000; Date.now() < end; await sleep(2_000))
    if ((await compose.count(waiting)) === 0) return;
  faults.push('not everything was signed within half an hour');
}

/** Everything that was promised is there once, and `insigne check` finds no fault. */
async function allThere(compose: Compose, when: string, planned: number): Promise<void> {
  const signed = "select count(*) from credential where state = 'signed'";
  const twice =
    'select count(*) from (select award_id from credential group by award_id having count(*) > 1)';
  const numbers = [await compose.count('select count(*) from award'), await compose.count(signed)];
  expect(
    `${when}: ${numbers.join(' awards, ')} signed of ${planned}`,
    numbers.every((one) => one === planned),
  );
  expect(`${when}: no award has two badges`, (await compose.count(twice)) === 0);
  const checked = await compose.insigne('check').catch((error: { stdout?: string }) => error.stdout ?? '');
  expect(`${when}: ${checked.trim()}`, checked.includes('no fault'));
}

async function verify(client: Client): Promise<void> {
  const verdicts = await Promise.all((await client.awards(verified)).map((id) => client.verdict(id)));
  const authentic = verdicts.filter((one) => one === 'authentic').length;
  expect(
    `${authentic} of ${verified} badges fetched through the proxy are authentic`,
    authentic === verified,
  );
}

const each = async <T>(number: number, of: (index: number) => Promise<T>): Promise<T[]> =>
  await Promise.all(Array.from({ length: number }, (_, i) => of(i + 1)));

async function run(compose: Compose, badges: number): Promise<void> {
  await compose.up('--build');
  tell('everything is started and healthy');
  const client = await settle(compose);

  const registers = Math.ceil(badges / registerOf);
  const planned = registers * registerOf;
  await issueUnderCrashes(compose, client, registers);
  await drained(compose);
  tell(`all is signed; ${client.repeated} requests were repeated`);
  await compose.up('--no-recreate');
  await allThere(compose, 'after the crashes', planned);
  const restarts = [await compose.restarts('worker', 1), await compose.restarts('api', 1)];
  expect(
    `the engine started what crashed again: ${restarts}`,
    restarts.every((number) => number > 0),
  );
  const signed = await each(workers, (index) => compose.signedBy(index));
  expect(
    `every worker signed: ${signed.join(', ')}`,
    signed.every((number) => number > 0),
  );
  await verify(client);

  // So many that they are being signed still when everything is told to stop.
  const last = 1_000;
  await client.handIn(registers + 1, last);
  await compose.run('stop', 'worker', 'api');
  tell(`${await compose.count(waiting)} badges wait while everything stands still`);
  const codes = [
    ...(await each(workers, (index) => compose.exitCode('worker', index))),
    ...(await each(apis, (index) => compose.exitCode('api', index))),
  ];
  expect(`api and workers end by themselves when stopped: ${codes}`, !codes.includes(137));
  await compose.run('down');
  await compose.up();
  await drained(compose);
  await allThere(compose, 'after everything was taken down and started again', planned + last);
  await verify(client);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { badges: { type: 'string', default: '2000' }, keep: { type: 'boolean', default: false } },
  });
  const found = await engine();
  if (found === undefined) {
    console.error('No container engine with "docker compose" answers: the containers are NOT tried.');
    return 2;
  }
  tell(found);
  execFileSync('sh', [projectFile('docker', 'make-secrets.sh')], { stdio: 'inherit' });
  if (await fetch(origin).catch(() => undefined)) {
    console.error(`Something answers at ${origin} already: the containers are NOT tried.`);
    return 2;
  }
  const compose = new Compose('insigne-test');
  try {
    await run(compose, Number(values.badges));
  } finally {
    if (!values.keep) await compose.run('--profile', 'cli', 'down', '--volumes');
  }
  for (const fault of faults) console.error(`FAULT ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
