import { Client } from '../chaos/scenarios/requests.js';
import { Site } from '../chaos/site.js';
import { aPerson } from '../support/issuance-world.js';

describe('an api that is killed in the middle of a request', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  }, 120_000);
  afterAll(() => site?.close());
  afterEach(() => site.killAll());

  const learner = (name: string) => aPerson(site.world.api, site.world.structure.id, `${name} EXEMPLE`);
  const awardsOf = (personId: string): Promise<number> =>
    site.count('select count(*) from award where person_id = $1', [personId]);
  /** Answers of the request whose api dies at the point, then of the same one to another api, at once. */
  const askTwice = async (point: string, code: string, personId: string) => {
    const first = await site.api({ dieAt: { point, reach: 1 } });
    const client = await Client.of(site);
    const body = client.session(code, [personId]);
    const lost = await client.post(body, `key-${code}`).catch(() => 'no answer');
    expect([lost, await first.ended]).toEqual(['no answer', 'SIGKILL']);
    const recorded = await awardsOf(personId);
    await site.api();
    return { recorded, client, body, again: await client.post(body, `key-${code}`) };
  };

  it('gives the very answer that was lost to the same key, when the work was committed', async () => {
    const personId = await learner('Amina');
    const { recorded, again, client, body } = await askTwice('before enqueue', 'K-1', personId);
    expect([recorded, again.status]).toEqual([1, 201]);
    const { rows } = await site.owner.query(
      `select s.id as session, a.id as award from award a join session s on s.id = a.session_id where a.person_id = $1`,
      [personId],
    );
    const told = JSON.parse(again.text);
    expect(told).toMatchObject({ id: rows[0].session, awards: { awardIds: [rows[0].award] } });
    expect((await client.post(body, 'key-K-1')).text).toBe(again.text);
    expect(await awardsOf(personId)).toBe(1);
  }, 240_000);

  it('leaves nothing behind when the work was not committed: the same key runs at once', async () => {
    const personId = await learner('Basile');
    const { recorded, again } = await askTwice('before commit', 'K-2', personId);
    expect([recorded, again.status]).toEqual([0, 201]);
    expect(await awardsOf(personId)).toBe(1);
  }, 240_000);

  it('loses and doubles nothing of what it promised', async () => {
    // What the two above were promised: the job of the one was never queued, the other came only with the second try.
    await site.aMinuteLater();
    await site.worker();
    await site.drained();
    expect(
      await site.count(
        `select count(*) from credential c join award a on a.id = c.award_id where c.state <> 'signed'`,
      ),
    ).toBe(0);
    expect(await site.count('select count(*) from signature_log')).toBe(2);
  }, 240_000);

  it('gives one credential and no second one when the worker dies while a request waits for it', async () => {
    await site.api();
    const token = await site.token(['credential:issue']);
    const dying = await site.worker({ dieAt: { point: 'before statement is stored', reach: 1 } });
    const credential = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
      type: ['VerifiableCredential'],
      credentialSubject: { id: 'did:example:member', name: 'Member' },
    };
    const ask = async (): Promise<{ status: number; text: string }> => {
      const answer = await fetch(`${site.origin}/vc-api/credentials/issue`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': 'key-of-one',
        },
        body: JSON.stringify({ credential }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const first = ask();
    expect(await dying.ended).toBe('SIGKILL');
    await site.aMinuteLater();
    await site.worker();
    const early = await first;
    expect([201, 503]).toContain(early.status);
    await site.drained();
    const [again, oneMore] = [await ask(), await ask()];
    expect([again.status, oneMore.text]).toEqual([201, again.text]);
    if (early.status === 201) expect(again.text).toBe(early.text);
    expect(await site.count("select count(*) from statement where state = 'signed'")).toBe(1);
    expect(await site.count('select count(*) from issued_credential')).toBe(1);
  }, 240_000);
});
