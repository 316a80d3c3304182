import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import jsonwebtoken from 'jsonwebtoken';
import { ajv2019, dateIn, readProjectJson } from '#platform';
import { bundledContexts, didDocument, didWebFor, PublicKeys, publicKeyOfJwk } from '#signing';
import { liveAwards } from '../../libs/badges/src/live-awards.js';
import {
  anIssuanceWorld,
  aPerson,
  aPlannedRoom,
  aSession,
  type IssuanceWorld,
  origin,
  plan,
} from '../support/issuance-world.js';

const fits = ajv2019().compile(
  readProjectJson('schemas', 'standards', 'ob-v3p0', 'ob_v3p0_achievementcredential_schema.json'),
);

interface Row {
  id: string;
  state: string;
  payload: string;
  document: string;
  jwt: string;
  award_state: string;
  refusal: { code: string; detail: { fr: string; en: string } } | null;
  ed25519_key_id: string;
  rs256_key_id: string;
  status_index: number;
}

describe('issuance', () => {
  let world: IssuanceWorld;
  beforeAll(async () => {
    world = await anIssuanceWorld();
  }, 120_000);
  afterAll(() => world?.close());

  const credentialsOf = (awardIds: string[]): Promise<Row[]> =>
    world.api.query(
      'select c.*, signed_document(c) as document, signed_jwt(c) as jwt, a.state as award_state from credential c join award a on a.id = c.award_id where a.id = any($1) order by c.id',
      [awardIds],
    );

  /** Digital Bazaar's verifier, given the issuer's DID document as the service publishes it. */
  const outsideVerdict = async (credential: object): Promise<boolean> => {
    const did = didWebFor(origin, world.structure.slug);
    const document = didDocument({ did, keys: await new PublicKeys(world.api).all(world.structure.id) }) as {
      verificationMethod: { id: string }[];
    };
    const result = await vc.verifyCredential({
      credential,
      suite: new DataIntegrityProof({ cryptosuite }),
      checkStatus: async () => ({ verified: true }),
      documentLoader: async (url: string) => {
        if (url === did) return { contextUrl: null, documentUrl: url, document };
        const method = document.verificationMethod.find((m) => m.id === url);
        if (method)
          return {
            contextUrl: null,
            documentUrl: url,
            document: { '@context': 'https://w3id.org/security/multikey/v1', ...method },
          };
        return bundledContexts.loader(url);
      },
    });
    return result.verified;
  };

  it('plans award, credential, status index, payload and outbox row together', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 3);
    const credentials = await credentialsOf(awardIds);
    expect(outboxIds).toHaveLength(1);
    expect(credentials.map((c) => [c.state, c.award_state])).toEqual(Array(3).fill(['planned', 'planned']));
    expect(new Set(credentials.map((c) => c.status_index)).size).toBe(3);
    for (const { payload } of credentials) expect(fits(JSON.parse(payload)) || fits.errors).toBe(true);
  });

  it('plans nothing a second time', async () => {
    const { people } = await aPlannedRoom(world, 2);
    expect(await plan(world, people)).toMatchObject({ planned: {}, outboxIds: [] });
  });

  it('awards once when twenty evaluations run at once', async () => {
    const person = await aPerson(world.api, world.structure.id, 'Course EXEMPLE');
    await aSession(world, { people: [person] });
    await Promise.all(Array.from({ length: 20 }, () => plan(world, [person])));
    const [{ awards, credentials }]: [{ awards: number; credentials: number }] = await world.api.query(
      `select count(distinct a.id)::int as awards, count(c.id)::int as credentials
       from award a join credential c on c.award_id = a.id where a.person_id = $1`,
      [person],
    );
    expect({ awards, credentials }).toEqual({ awards: 1, credentials: 1 });
  });

  it('signs with both proofs, and a program that is not ours accepts each badge', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 3);
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 3, refused: 0 });
    for (const row of await credentialsOf(awardIds)) {
      expect([row.state, row.award_state]).toEqual(['signed', 'issued']);
      expect(await outsideVerdict(JSON.parse(row.document) as object)).toBe(true);
      const key = (await new PublicKeys(world.api).find(row.rs256_key_id))!;
      const claims = jsonwebtoken.verify(row.jwt, publicKeyOfJwk(key.publicJwk), {
        algorithms: ['RS256'],
      }) as { iss: string; jti: string };
      expect(claims).toMatchObject({
        iss: didWebFor(origin, world.structure.slug),
        jti: (JSON.parse(row.document) as { id: string }).id,
      });
    }
  });

  it('names the keys at planning, and signs with them also when they were rotated meanwhile', async () => {
    const keys = new PublicKeys(world.api);
    const { Ed25519, RS256 } = await keys.active(world.structure.id);
    const { awardIds, outboxIds } = await aPlannedRoom(world, 2);
    const named = (rows: Row[]): string[][] => rows.map((row) => [row.ed25519_key_id, row.rs256_key_id]);
    expect(named(await credentialsOf(awardIds))).toEqual(Array(2).fill([Ed25519!.id, RS256!.id]));
    await world.worker.query('update signing_key set retired_at = now() where id = any($1)', [
      [Ed25519!.id, RS256!.id],
    ]);
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 2, refused: 0 });
    const signed = await credentialsOf(awardIds);
    expect(named(signed)).toEqual(Array(2).fill([Ed25519!.id, RS256!.id]));
    expect(await outsideVerdict(JSON.parse(signed[0]!.document) as object)).toBe(true);
    expect((await keys.active(world.structure.id)).Ed25519).toBeUndefined();
  });

  it('makes a badge that the same program refuses when one word changes', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 1);
    await world.signCredentials.run(outboxIds[0]!);
    const [row] = await credentialsOf(awardIds);
    const changed = row!.document.replace('"name":"La prise en main', '"name":"La prise en mains');
    expect(changed).not.toBe(row!.document);
    expect(await outsideVerdict(JSON.parse(changed) as object)).toBe(false);
  });

  it('signs what was planned, byte for byte', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 1);
    await world.signCredentials.run(outboxIds[0]!);
    const [row] = await credentialsOf(awardIds);
    const { proof: _proof, ...signed } = JSON.parse(row!.document) as Record<string, unknown>;
    expect(JSON.stringify(signed)).toBe(row!.payload);
  });

  it('records one signature when a job runs five times at once', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 2);
    await Promise.all(Array.from({ length: 5 }, () => world.signCredentials.run(outboxIds[0]!)));
    const first = (await credentialsOf(awardIds)).map((c) => c.document);
    await world.signCredentials.run(outboxIds[0]!);
    expect((await credentialsOf(awardIds)).map((c) => c.document)).toEqual(first);
  });

  it('ignores a job that names nothing we planned', async () => {
    await expect(world.signCredentials.run('00000000-0000-7000-8000-000000000000')).resolves.toEqual({
      signed: 0,
      refused: 0,
    });
  });

  it('refuses when the assessor lost the mandate between award and signing', async () => {
    const assessor = await aPerson(world.api, world.structure.id, 'Passage FICTIF', null);
    await world.api.query(
      `insert into membership (id, organisation_id, person_id, role, valid_from, confirmed_by)
       values (gen_random_uuid(), $1, $2, 'assessor', '2026-09-01', 'test')`,
      [world.structure.id, assessor],
    );
    const person = await aPerson(world.api, world.structure.id, 'Mandat EXEMPLE');
    await aSession(world, { people: [person], assessor });
    const { outboxIds, awardIds } = await plan(world, [person]);
    await world.api.query(`update membership set valid_until = '2026-09-30' where person_id = $1`, [
      assessor,
    ]);
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 0, refused: 1 });
    const [row] = await credentialsOf(awardIds);
    expect(row).toMatchObject({
      state: 'refused',
      award_state: 'refused',
      refusal: { code: 'assessor_not_mandated' },
    });
    expect(row!.refusal!.detail.fr).toMatch(/mandat/);
  });

  it('never signs an award that was cancelled while it waited', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 2);
    await world.api.query(`update award set state = 'cancelled' where id = $1`, [awardIds[0]]);
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 1, refused: 1 });
    expect(
      (await credentialsOf(awardIds)).filter((c) => c.award_state === 'cancelled').map((c) => c.document),
    ).toEqual([null]);
  });

  it('refuses a payload that was altered after planning, and signs the others', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 3);
    await world.api.query(
      `update credential set payload = replace(payload, 'prise en main', 'prise en mains') where award_id = $1`,
      [awardIds[0]],
    );
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 2, refused: 1 });
  });

  it('keeps the planned state and loses nothing when storing fails, then signs the same bytes', async () => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, 2);
    const owner = new (await import('pg')).default.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
    await owner.query(`
      create function refuse_signed() returns trigger language plpgsql as $$ begin raise exception 'planted fault'; end $$;
      create trigger refuse_signed before update on credential for each row when (new.state = 'signed') execute function refuse_signed()`);
    await expect(world.signCredentials.run(outboxIds[0]!)).rejects.toThrow('planted fault');
    expect((await credentialsOf(awardIds)).map((c) => c.state)).toEqual(['planned', 'planned']);
    await owner.query('drop trigger refuse_signed on credential; drop function refuse_signed');
    await owner.end();
    await expect(world.signCredentials.run(outboxIds[0]!)).resolves.toEqual({ signed: 2, refused: 0 });
  });

  it('signs a status list before the first badge that points at it', async () => {
    const { outboxIds } = await aPlannedRoom(world, 1);
    await world.signCredentials.run(outboxIds[0]!);
    const lists: { document: string }[] = await world.api.query('select document from status_list');
    for (const { document } of lists) expect(await outsideVerdict(JSON.parse(document) as object)).toBe(true);
  });

  it('gives a pathway badge with the last of its workshops, once', async () => {
    const person = await aPerson(world.api, world.structure.id, 'Parcours EXEMPLE');
    const planned: Record<string, number>[] = [];
    for (const [index, workshop] of ['CE-1', 'CE-2', 'CE-3', 'CE-4'].entries()) {
      await aSession(world, { workshop, people: [person], heldOn: `2026-10-0${index + 1}` });
      planned.push((await plan(world, [person])).planned);
    }
    expect(planned).toEqual([
      { 'B-CE-1': 1 },
      { 'B-CE-2': 1 },
      { 'B-CE-3': 1 },
      { 'B-CE-4': 1, 'B-CLIC': 1 },
    ]);
  });

  it('counts a session after midnight in Paris for the day that it is there', async () => {
    const person = await aPerson(world.api, world.structure.id, 'Minuit EXEMPLE');
    const late = await aSession(world, { workshop: 'CE-1', people: [person], heldOn: '2026-10-06' });
    await world.api.query("update session set starts_at = '2026-10-05T22:30:00Z' where id = $1", [late]);
    await plan(world, [person]);
    expect((await liveAwards(world.api.manager, world.structure.id, [person])).get(person)).toEqual([
      expect.objectContaining({ on: '2026-10-06' }),
    ]);
    for (const workshop of ['CE-2', 'CE-3', 'CE-4'])
      await aSession(world, { workshop, people: [person], heldOn: '2026-10-01' });
    await plan(world, [person]);
    const [pathway]: [{ awarded_at: Date }] = await world.api.query(
      "select awarded_at from award where person_id = $1 and badge_code = 'B-CLIC'",
      [person],
    );
    expect(dateIn(pathway.awarded_at)).toBe('2026-10-06');
  });

  it('lets nobody hold an award that they assessed themselves', async () => {
    const person = await aPerson(world.api, world.structure.id, 'Seule EXEMPLE');
    await expect(aSession(world, { people: [person], assessor: person })).rejects.toThrow(
      'assessment_is_not_made_by_the_learner',
    );
  });
});

describe('the two roles of the database', () => {
  let world: IssuanceWorld;
  beforeAll(async () => {
    world = await anIssuanceWorld();
    await world.keyStore.ensureKeys(world.structure.id);
  }, 120_000);
  afterAll(() => world?.close());

  it('let the api read no private key', async () => {
    await expect(world.api.query('select sealed_private_key from signing_key')).rejects.toThrow(
      /permission denied/,
    );
    await expect(world.api.query('select * from signing_key')).rejects.toThrow(/permission denied/);
  });

  it('let the api make no key', async () => {
    await expect(world.api.query(`delete from signing_key`)).rejects.toThrow(/permission denied/);
  });

  it('keep private facts from the worker', async () => {
    await expect(world.worker.query('select * from private.diagnostic')).rejects.toThrow(/permission denied/);
  });
});
