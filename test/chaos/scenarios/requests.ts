import { setTimeout as sleep } from 'node:timers/promises';
import { aPerson } from '../../support/issuance-world.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { Site } from '../site.js';

interface Answer {
  status: number;
  text: string;
}

// Well before the quarter of an hour that a token lasts.
const renewAfterMs = 8 * 60_000;

/** A program that records sessions over HTTP, as a structure's own software does. */
export class Client {
  private token: Promise<string> = Promise.reject(new Error('no token yet'));
  private tokenUntil = 0;

  private constructor(private readonly site: Site) {
    this.token.catch(() => undefined);
  }

  static async of(site: Site): Promise<Client> {
    const client = new Client(site);
    await client.currentToken();
    return client;
  }

  /** One token for all, renewed before it ends; one that could not be had is asked for again. */
  private async currentToken(): Promise<string> {
    if (Date.now() > this.tokenUntil) {
      this.tokenUntil = Date.now() + renewAfterMs;
      this.token = this.site.token();
    }
    return await this.token.catch((error: Error) => {
      this.tokenUntil = 0;
      throw error;
    });
  }

  /** One session of CE-1 at which everybody was assessed "acquired". */
  session(code: string, people: string[]): object {
    const { assessorId } = this.site.world;
    return {
      code,
      workshop: 'CE-1',
      heldOn: '2026-10-05',
      time: '09:30',
      attendances: people.map((personId) => ({ personId, status: 'present' })),
      assessments: people.map((personId) => ({
        personId,
        competency: '5.2',
        outcome: 'acquired',
        assessorPersonId: assessorId,
      })),
    };
  }

  async post(body: object, key?: string): Promise<Answer> {
    return await this.send(`organisations/${this.site.world.structure.id}/sessions`, body, key);
  }

  /** Revokes the badge of an award; the same again when it is repeated. */
  async revoke(awardId: string): Promise<Answer> {
    return await this.send(
      `awards/${awardId}/revocation`,
      { reason: 'issued_in_error' },
      `revoke-${awardId}`,
    );
  }

  private async send(path: string, body: object, key?: string): Promise<Answer> {
    const answer = await fetch(`${this.site.origin}/api/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await this.currentToken()}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    });
    if (answer.status === 401) this.tokenUntil = 0;
    return { status: answer.status, text: await answer.text() };
  }

  /** As a careful client does: comes back while told that the same request still runs. */
  async postPatiently(body: object, key: string): Promise<Answer> {
    for (;;) {
      const answer = await this.post(body, key);
      if (!answer.text.includes('request_in_progress')) return answer;
      await sleep(500);
    }
  }
}

const awardIdsOf = ({ text }: Answer): string[] =>
  (JSON.parse(text) as { awards: { awardIds: string[] } }).awards.awardIds;

const rowsOf = (site: Site): Promise<number> =>
  site.count(
    'select (select count(*) from session) + (select count(*) from award) + (select count(*) from credential) + (select count(*) from outbox)',
  );

/** T-01 to T-03: the same award asked for many times at the same moment. */
export async function repeatedRequests(
  site: Site,
  { runs, atOnce, tell }: { runs: number; atOnce: number; tell?(words: string): void },
): Promise<Outcome[]> {
  await site.api();
  const client = await Client.of(site);
  const seen = { equal: 0, refused: 0, written: 0, one: 0 };
  for (let run = 0; run < runs; run += 1) {
    seen.equal += await sameKey(site, client, run, atOnce);
    const other = await sameKeyOtherBody(site, client, run);
    seen.refused += other.refused;
    seen.written += other.written;
    seen.one += await withoutKey(site, client, run, atOnce);
    if (run % 25 === 24) tell?.(`T-01: ${run + 1} of ${runs} runs`);
  }
  await site.worker();
  await site.drained();
  await site.killAll();
  const outcomes: [string, string, string, boolean][] = [
    [
      'T-01',
      `${atOnce} parallel requests with one Idempotency-Key`,
      `${seen.equal} of ${runs} runs: each answered 201 with the same body, one credential`,
      seen.equal === runs,
    ],
    [
      'T-02',
      'the same key with another body',
      `${seen.refused} of ${runs} refused with 422, ${seen.written} rows written`,
      seen.refused === runs && seen.written === 0,
    ],
    [
      'T-03',
      `${atOnce} parallel requests without a key for one learner, badge and session`,
      `${seen.one} of ${runs} runs: one 201, the others session_code_taken, one credential`,
      seen.one === runs,
    ],
  ];
  const result: Outcome[] = [];
  for (const [id, fault, happened, isRight] of outcomes) {
    const wrong = { 'other answers than these': !isRight };
    result.push(await outcomeOf(site, { id, fault, happened, count: runs, wrong }));
  }
  return result;
}

const letters = (number: number): string =>
  [...String(number)].map((digit) => String.fromCharCode(65 + Number(digit))).join('');

const learner = (site: Site, name: string, run: number): Promise<string> =>
  aPerson(site.world.api, site.world.structure.id, `${name} EXEMPLE-${letters(run)}`);

const credentialsOf = (site: Site, personId: string): Promise<number> =>
  site.count(`select count(*) from credential c join award a on a.id = c.award_id where a.person_id = $1`, [
    personId,
  ]);

async function sameKey(site: Site, client: Client, run: number, atOnce: number): Promise<number> {
  const personId = await learner(site, 'Amina', run);
  const body = client.session(`A-${run}`, [personId]);
  const answers = await Promise.all(
    Array.from({ length: atOnce }, () => client.postPatiently(body, `same-${run}`)),
  );
  if (answers[0]!.status === 201) for (const id of awardIdsOf(answers[0]!)) site.promised.add(id);
  const equal = answers.every(({ status, text }) => status === 201 && text === answers[0]!.text);
  return Number(equal && (await credentialsOf(site, personId)) === 1);
}

async function sameKeyOtherBody(
  site: Site,
  client: Client,
  run: number,
): Promise<{ refused: number; written: number }> {
  const personId = await learner(site, 'Basile', run);
  const before = await rowsOf(site);
  const { status } = await client.post(client.session(`B-${run}`, [personId]), `same-${run}`);
  return { refused: Number(status === 422), written: (await rowsOf(site)) - before };
}

async function withoutKey(site: Site, client: Client, run: number, atOnce: number): Promise<number> {
  const personId = await learner(site, 'Chloé', run);
  const body = client.session(`C-${run}`, [personId]);
  const answers = await Promise.all(Array.from({ length: atOnce }, () => client.post(body)));
  const accepted = answers.filter(({ status }) => status === 201);
  for (const id of accepted.flatMap(awardIdsOf)) site.promised.add(id);
  const others = answers.filter(({ status, text }) => status === 409 && text.includes('session_code_taken'));
  const isOne = accepted.length === 1 && others.length === atOnce - 1;
  return Number(isOne && (await credentialsOf(site, personId)) === 1);
}
