import { createHash } from 'node:crypto';
import type pg from 'pg';
import {
  AskEndorsement,
  DecideEndorsement,
  GiveEndorsement,
  type IssuanceQueue,
  IssueCredential,
  MakeRecord,
  PublishBadge,
  SignStatements,
} from '#badges';
import { registerOrganisation } from '#people';
import { chainAudit } from '#platform';
import { vcContext } from '#signing';
import type { FaultCode } from '../../apps/cli/src/check/faults.js';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { anAttackerOf, faultsIn } from '../support/check-faults.js';
import { origin } from '../support/issuance-world.js';

const by = 'client:test';
const quiet = { enqueue: async () => {} } as unknown as IssuanceQueue;
const kinds = ['endorsement', 'record', 'credential'] as const;
type Kind = (typeof kinds)[number];

describe('the check of endorsements, records and credentials of the VC-API', () => {
  let archived: ArchivedWorld;
  let owner: pg.Client;
  let endorsed: string;
  let decide: DecideEndorsement;
  beforeAll(async () => {
    archived = await anArchivedWorld();
    owner = await anAttackerOf(archived);
    const { api, structure } = archived.world;
    const { people, credentialIds } = await archived.issueRoom(1);
    const { rows } = await owner.query('select award_id from credential where id = $1', credentialIds);
    const awardIds = [rows[0].award_id as string];
    await new PublishBadge(api).publish(awardIds[0]!, { withName: false, by: 'test' });
    const partner = await api.transaction((tx) =>
      registerOrganisation(tx, { kind: 'structure', slug: 'partenaire', legalName: 'Partenaire Exemple' }),
    );
    decide = new DecideEndorsement(api, quiet, origin);
    const organisationId = structure.id;
    const asked = await new AskEndorsement(api, origin).run({
      organisationId,
      target: 'issuer',
      validDays: 3,
      by,
    });
    endorsed = asked.id;
    const comment = 'Une structure sérieuse, connue depuis longtemps.';
    await new GiveEndorsement(api).asOrganisation(asked.token, { organisationId: partner.id, comment, by });
    await decide.accept({ endorsementId: asked.id, organisationIds: [organisationId], by });
    const consent = { consentedOn: '2026-11-20', consentHow: 'written' } as const;
    await new MakeRecord(api, quiet, origin).run({
      organisationId,
      personId: people[0]!,
      awardIds,
      ...consent,
      by,
    });
    await new IssueCredential(api, quiet, origin).run({
      organisationId,
      credential: {
        '@context': [vcContext],
        id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
        type: ['VerifiableCredential'],
        credentialSubject: { name: 'Atelier sérieuse' },
      },
      isEnveloped: false,
      by,
    });
    await sign();
  }, 180_000);
  afterAll(async () => {
    await owner?.end();
    await archived?.close();
  });

  const sign = async (): Promise<void> => {
    const { api, worker, keyStore } = archived.world;
    const signing = new SignStatements(
      worker,
      keyStore,
      new CredentialGate(),
      archived.lists,
      origin,
      archived.archive,
    );
    for (const { id } of await api.query(
      "select id from outbox where topic = 'statement' and done_at is null",
    ))
      await signing.run(id);
    await chainAudit(worker);
    await archived.marks.run();
  };
  const check = (scope = {}) => faultsIn(archived, scope);
  const idOf = async (kind: Kind): Promise<string> =>
    (await owner.query("select id from statement where kind = $1 and state = 'signed'", [kind])).rows[0].id;
  /** The codes that name a statement while a column of it says something else, and whether anything else is named. */
  const foundWith = async (id: string, assignment: string, values: unknown[] = []): Promise<FaultCode[]> => {
    const column = assignment.split(' ')[0]!;
    const columns = [
      ...new Set([column, ...assignment.matchAll(/, (\w+) =/g)].map((c) => [c].flat().at(-1))),
    ];
    const { rows } = await owner.query(`select ${columns.join()} from statement where id = $1`, [id]);
    const done = await owner.query(`update statement set ${assignment} where id = $1`, [id, ...values]);
    expect(done.rowCount).toBe(1);
    const faults = await check();
    await owner.query(
      `update statement set ${columns.map((name, at) => `${name} = $${at + 2}`).join()} where id = $1`,
      [id, ...columns.map((name) => rows[0][name!])],
    );
    for (const { ids } of faults) expect([ids.statement, ids.credential]).toContain(id);
    return [...new Set(faults.map(({ code }) => code))].sort();
  };

  it('finds nothing where nothing is wrong, and every text that was altered, in each kind', async () => {
    expect(await check()).toEqual([]);
    for (const kind of kinds) {
      const id = await idOf(kind);
      const { rows } = await owner.query('select document, payload, jwt from statement where id = $1', [id]);
      const [{ document, payload, jwt }] = rows;
      const other = (text: string): string => text.replace('"validFrom":"2', '"validFrom":"1');
      const word = (text: string): string =>
        kind === 'credential' ? text.replace('Atelier', 'Atelie') : other(text);
      expect([kind, word(document) !== document]).toEqual([kind, true]);
      const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
      const altered = word(document);
      expect(await foundWith(id, 'document = $2', [altered])).toEqual([
        'archive_differs',
        'document_digest',
        'document_not_payload',
        'jwt_content',
        'proof_invalid',
      ]);
      expect(await foundWith(id, 'document = $2, document_sha256 = $3', [altered, hex(altered)])).toEqual([
        'archive_differs',
        'audit_digest_differs',
        'document_not_payload',
        'jwt_content',
        'proof_invalid',
      ]);
      expect(await foundWith(id, 'payload = $2', [word(payload)])).toEqual([
        'archive_differs',
        'document_not_payload',
        'payload_digest',
      ]);
      expect(await foundWith(id, 'jwt = $2', [`${jwt.slice(0, -8)}AAAAAAAA`])).toEqual([
        'archive_differs',
        'jwt_invalid',
      ]);
      expect(await foundWith(id, "document = '{'")).toEqual([
        'archive_differs',
        'document_digest',
        'document_unreadable',
      ]);
      expect(await foundWith(id, 'document_sha256 = $2', ['0'.repeat(64)])).toEqual([
        'audit_digest_differs',
        'document_digest',
      ]);
    }
    expect(await check()).toEqual([]);
  }, 240_000);

  it('finds one that says whose it is, where it stands or what became of it in other words', async () => {
    for (const kind of kinds) {
      const id = await idOf(kind);
      expect(await foundWith(id, "state = 'refused'")).toEqual(['statement_hidden']);
      expect(await foundWith(id, "state = 'void'")).toEqual(['statement_hidden']);
      expect(await foundWith(id, 'status_index = status_index + 1')).toEqual([
        'archive_differs',
        'status_differs',
      ]);
      expect(await foundWith(id, "issuer_did = 'did:web:elsewhere.example'")).toEqual(
        ['archive_differs', 'proof_invalid', ...(kind === 'credential' ? [] : ['issuer_differs'])].sort(),
      );
      expect(await foundWith(id, "public_id = '0' || substr(public_id, 2) || 'x'")).toEqual([
        'archive_differs',
        ...(kind === 'credential' ? [] : ['public_id_differs']),
      ]);
      const stranger = `(select id from signing_key k where k.algorithm = 'Ed25519' and k.issuer_id <> statement.organisation_id limit 1)`;
      expect(await foundWith(id, `ed25519_key_id = ${stranger}`)).toEqual([
        'archive_differs',
        'key_of_another_issuer',
        'proof_invalid',
      ]);
      expect(await foundWith(id, "signed_at = '2020-01-01', created_at = '2020-01-01'")).toEqual([
        'key_younger_than_signature',
      ]);
    }
    const scope = { organisationId: archived.world.structure.id };
    const endorsement = await idOf('endorsement');
    await owner.query("update statement set payload = payload || ' ' where id = $1", [endorsement]);
    // The partner signed it.
    expect(await check(scope)).toEqual([]);
    expect((await check()).map(({ code }) => code)).toContain('payload_digest');
    await owner.query('update statement set payload = rtrim(payload) where id = $1', [endorsement]);

    await owner.query("update endorsement set comment = 'Une structure douteuse.' where id = $1", [endorsed]);
    expect(await check()).toEqual([{ code: 'statement_words_differ', ids: { statement: endorsement } }]);
    await owner.query(
      "update endorsement set comment = 'Une structure sérieuse, connue depuis longtemps.' where id = $1",
      [endorsed],
    );
    const record = await idOf('record');
    await owner.query('create temp table kept as select * from statement where id = $1', [record]);
    await owner.query('delete from statement where id = $1', [record]);
    expect((await check()).filter(({ ids }) => ids.statement)).toEqual([
      { code: 'statement_deleted', ids: { statement: record } },
    ]);
    await owner.query('insert into statement select * from kept');
    expect(await check()).toEqual([]);
  }, 240_000);

  it('finds a key that was retired before, and nothing once a statement was withdrawn', async () => {
    const id = await idOf('endorsement');
    const retire = (at: string) =>
      owner.query(
        `update signing_key set retired_at = ${at} where id = (select rs256_key_id from statement where id = $1)`,
        [id],
      );
    await retire("now() - interval '1 day'");
    expect(await check()).toEqual(
      expect.arrayContaining([{ code: 'key_retired_before', ids: { statement: id } }]),
    );
    await retire('null');
    expect(await check()).toEqual([]);
    const organisationIds = [archived.world.structure.id];
    await decide.withdraw({ endorsementId: endorsed, organisationIds, by });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await archived.lists.publishDue();
    await chainAudit(archived.world.worker);
    expect(await check()).toEqual([]);
  }, 120_000);
});
