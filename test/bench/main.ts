// npm run bench [-- --awards 10000 --stock 300 --json FILE]
// npm run bench -- --reissue 10000 [--json FILE]   issuing again after a theft, alone

import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { projectFile } from '#platform';
import type { JsonObject } from '#signing';
import { startEmbeddedPostgres } from '../../libs/platform/src/processes.js';
import { type CampaignTimes, type CpuOfAward, measureCampaign } from './campaign.js';
import { type Figure, median, table } from './figures.js';
import { rawEd25519Rate, StockSigner } from './peers.js';
import { pieces, plannedCredentials, stepTimes } from './profile.js';
import { measureReissue } from './reissue.js';
import { measureRooms } from './rooms.js';

interface Services {
  makeFolder(): { folder: string; end: () => void };
  clearFolder(folder: string): Promise<void>;
  startRedis(folder: string): Promise<string | undefined>;
}

const stockName = 'Digital Bazaar signing loop';
const rawName = 'raw Ed25519 signatures';

const tell = (words: string): void => console.error(`  … ${words}`);

function options(): { awards: number; stock: number; reissue: number; json: string } {
  const { values } = parseArgs({
    options: {
      awards: { type: 'string', default: '10000' },
      stock: { type: 'string', default: '300' },
      reissue: { type: 'string', default: '0' },
      json: { type: 'string', default: 'bench-results.json' },
    },
  });
  const [awards, stock, reissue] = [Number(values.awards), Number(values.stock), Number(values.reissue)];
  if (!(awards >= 8 && stock >= 8)) throw new Error('--awards and --stock are numbers of 8 or more');
  if (!(reissue === 0 || reissue >= 8)) throw new Error('--reissue is a number of 8 or more');
  return { awards, stock, reissue, json: resolve(values.json) };
}

/** Short rounds of what the rest is compared with, between the long ones, so that a noisy minute hurts all alike. */
class Yardstick {
  private readonly stockRates: number[] = [];
  private readonly rawRates: number[] = [];

  constructor(
    private readonly signer: StockSigner,
    private readonly credentials: JsonObject[],
  ) {}

  async round(): Promise<void> {
    this.rawRates.push(await rawEd25519Rate());
    this.stockRates.push(await this.signer.rate(this.credentials));
    tell(`yardstick: ${this.stockRates.at(-1)!.toFixed(0)} stock signatures/s`);
  }

  get stock(): number {
    return median(this.stockRates);
  }

  get raw(): number {
    return median(this.rawRates);
  }
}

function campaignFigures(engine: string, times: CampaignTimes, yardstick: Yardstick): Figure[] {
  const rate = times.awards / times.total;
  const seconds = (name: string, value: number): Figure => ({
    name: `${engine}: ${name}`,
    value,
    unit: 's',
  });
  return [
    {
      name: `${engine}: accepted to stored`,
      value: rate,
      unit: 'awards/s',
      ratio: rate / yardstick.stock,
      to: stockName,
    },
    {
      name: `${engine}: against one core that only signs`,
      value: rate,
      unit: 'awards/s',
      ratio: rate / yardstick.raw,
      to: rawName,
    },
    {
      name: `${engine}: the ${times.fresh.awards} awards before, by processes just started`,
      value: times.fresh.awards / times.fresh.total,
      unit: 'awards/s',
      ratio: times.fresh.awards / times.fresh.total / yardstick.stock,
      to: stockName,
    },
    seconds(`${times.awards} awards, total`, times.total),
    seconds('planning in transactions', times.plan),
    seconds('enqueueing', times.enqueue),
    seconds('until the last is stored', times.rest),
    ...cpuFigures(engine, times.cpu),
  ];
}

/** What an award costs, and what all cores together could do if they did nothing else and never waited. */
function cpuFigures(engine: string, { api, worker, postgres }: CpuOfAward): Figure[] {
  const whole = api + worker + postgres;
  if (whole === 0) return [];
  const parts = Object.entries({ 'the api': api, 'the worker': worker, PostgreSQL: postgres });
  return [
    ...parts.map(([name, value]) => ({
      name: `${engine}: CPU of ${name}`,
      value,
      unit: 'ms/award',
      ratio: value / whole,
      to: 'all of it',
    })),
    { name: `${engine}: CPU of all`, value: whole, unit: 'ms/award' },
    // No ratio: the yardsticks are in seconds, which a busy machine stretches.
    {
      name: `${engine}: computed bound of ${availableParallelism()} cores`,
      value: (availableParallelism() * 1000) / whole,
      unit: 'awards/s',
    },
  ];
}

async function measure(redisUrl: string | undefined, awards: number, stock: number): Promise<Figure[]> {
  const credentials = await plannedCredentials(Math.max(stock, 500));
  const issuer = (credentials[0]!.issuer as JsonObject).id as string;
  const perRound = Math.ceil(stock / 3);
  const yardstick = new Yardstick(await StockSigner.make(issuer), credentials.slice(0, perRound));
  await yardstick.round();
  const engines: [string, string | undefined][] = [['queue on PostgreSQL', undefined]];
  if (redisUrl) engines.push(['queue on Redis', redisUrl]);
  const measured: [string, CampaignTimes][] = [];
  const rooms: Figure[] = [];
  for (const [name, url] of engines) {
    tell(`${name}: ${awards} awards`);
    measured.push([name, await measureCampaign(awards, url, tell)]);
    rooms.push(...(await measureRooms(name, awards, url)));
    await yardstick.round();
  }
  tell('where the time goes');
  const spent = Object.entries(await pieces(credentials));
  await yardstick.round();
  const steps = [...(await stepTimes(Math.min(2000, Math.max(300, awards))))];
  await yardstick.round();
  return [
    ...measured.flatMap(([name, times]) => campaignFigures(name, times, yardstick)),
    ...rooms,
    {
      name: stockName,
      value: yardstick.stock,
      unit: 'credentials/s',
      ratio: yardstick.stock / yardstick.raw,
      to: rawName,
    },
    {
      name: `${stockName}, ${awards} of them (extrapolated from ${perRound})`,
      value: awards / yardstick.stock,
      unit: 's',
    },
    { name: rawName, value: yardstick.raw, unit: 'signatures/s' },
    ...parts('a piece of the work', spent, 1000 / yardstick.raw, 'an Ed25519 signature'),
    ...parts('one batch after the other, up to', steps, sum(steps), 'all of them'),
  ];
}

const sum = (parts: [string, number][]): number => parts.reduce((whole, [, value]) => whole + value, 0);

const parts = (what: string, values: [string, number][], whole: number, to: string): Figure[] =>
  values.map(([name, value]) => ({
    name: `${what}: ${name}`,
    value,
    unit: 'ms/credential',
    ratio: value / whole,
    to,
  }));

async function reissueFigures(redisUrl: string | undefined, badges: number): Promise<Figure[]> {
  const figures = await measureReissue(badges, undefined, tell);
  return redisUrl ? [...figures, ...(await measureReissue(badges, redisUrl, tell))] : figures;
}

async function main(): Promise<void> {
  const { awards, stock, reissue, json } = options();
  const services = (await import(
    pathToFileURL(projectFile('test', 'support', 'services.mjs')).href
  )) as Services;
  const { folder, end } = services.makeFolder();
  try {
    tell('starting PostgreSQL');
    const { ownerUrl, apiUrl, workerUrl } = await startEmbeddedPostgres({ dataFolder: join(folder, 'data') });
    process.env.INSIGNE_TEST_POSTGRES = JSON.stringify({ ownerUrl, apiUrl, workerUrl });
    const redisUrl = await services.startRedis(folder);
    if (!redisUrl)
      console.error('!! Redis is not installed: its queue was NOT measured (apt-get install redis-server)');
    const figures =
      reissue > 0 ? await reissueFigures(redisUrl, reissue) : await measure(redisUrl, awards, stock);
    console.log(
      `\n${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}\n`,
    );
    console.log(table(figures));
    writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
    console.log(`\nWritten to ${json}`);
  } finally {
    await services.clearFolder(folder);
    end();
  }
}

// The worker process ends with this one, however it is asked to end; PostgreSQL and Redis have their keeper.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
await main();
