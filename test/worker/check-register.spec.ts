import type pg from 'pg';
import {
  Achievement,
  CorrectRegister,
  contentHashOf,
  type IssuanceQueue,
  importAchievements,
  ReplaceBadge,
  WithdrawSession,
} from '#badges';
import { registerOrganisation } from '#people';
import { chainAudit, uuid } from '#platform';
import { readStarterCatalogue } from '#workshops';
import type { Fault } from '../../apps/cli/src/check/faults.js';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { anAttackerOf, faultsIn } from '../support/check-faults.js';
import { aPerson, aSession, origin, plan } from '../support/issuance-world.js';

const by = 'client:test';
const queue = { enqueue: async () => {} } as unknown as IssuanceQueue;

describe('the check of what badges stand on and say, against somebody who has every right on the database', () => {
  let archived: ArchivedWorld;
  let owner: pg.Client;
  let room: Room;
  beforeAll(async () => {
    archived = await anArchivedWorld();
    owner = await anAttackerOf(archived);
    room = await aRoom();
  }, 180_000);
  afterAll(async () => {
    await owner?.end();
    await archived?.close();
  });

  interface Room {
    sessionId: string;
    people: string[];
    /** Of each person, in their order. */
    credentialIds: string[];
  }

  /** Two people, each assessed on two targets in one session, with their signed badges. */
  async function aRoom(): Promise<Room> {
    const { api, structure, assessorId } = archived.world;
    const people: string[] = [];
    for (const name of ['Une', 'Autre'])
      people.push(await aPerson(api, structure.id, `${name} EXEMPLE${uuid().slice(-6)}`));
    const sessionId = await aSession(archived.world, { people });
    for (const person of people) await assess(sessionId, person, '1.1', 'acquired', assessorId);
    await plan(archived.world, people);
    await signAll();
    return { sessionId, people, credentialIds: await badgesOf(people) };
  }
  const assess = (
    session: string,
    person: string,
    target: string,
    outcome: string,
    assessor: string,
  ): Promise<unknown> =>
    owner.query(
      `insert into assessment (id, session_id, person_id, target_kind, target_code, outcome, assessor_person_id,
                               assessor_name, assessed_on)
       select gen_random_uuid(), id, $2, 'competency', $3, $4, $5, 'Odile FICTIVE', held_on from session where id = $1`,
      [session, person, target, outcome, assessor],
    );
  const badgesOf = async (people: string[]): Promise<string[]> =>
    (
      await owner.query(
        `select c.id from unnest($1::uuid[]) with ordinality as t (person, place)
         join award a on a.person_id = t.person and a.state = 'issued'
         join credential c on c.award_id = a.id and c.state = 'signed' order by t.place`,
        [people],
      )
    ).rows.map(({ id }) => id);
  const addressOf = async (id: string): Promise<string> =>
    (await owner.query('select public_id from credential where id = $1', [id])).rows[0].public_id;
  const settle = async (): Promise<void> => {
    await owner.query("update status_list set signed_at = signed_at - interval '10 seconds'");
    while ((await archived.lists.publishDue()) > 0);
    await chainAudit(archived.world.worker);
    await archived.marks.run();
  };
  const signAll = async (): Promise<void> => {
    const { rows } = await owner.query('select id from outbox where done_at is null');
    for (const { id } of rows) await archived.sign.run(id);
    await settle();
  };
  const check = (scope = {}): Promise<Fault[]> => faultsIn(archived, scope);
  /** What the check finds while one row of a table says something else, put right again afterwards. */
  const foundWith = async (table: string, where: string, assignment: string): Promise<Fault[]> => {
    const column = assignment.split(' ')[0]!;
    const { rows } = await owner.query(`select ${column}::text as value from ${table} where ${where}`);
    expect([where, rows.length]).toEqual([where, 1]);
    await owner.query(`update ${table} set ${assignment} where ${where}`);
    const faults = await check();
    await owner.query(`update ${table} set ${column} = $1 where ${where}`, [rows[0].value]);
    return faults;
  };
  const ofCorrections = (faults: Fault[]): unknown[] =>
    faults.filter(({ code }) => code === 'correction_history_differs').map(({ ids }) => ids.correction);
  const moveTo = async (credentialId: string, heldOn: string): Promise<void> => {
    const replacing = new ReplaceBadge(archived.world.api, queue, origin);
    const organisationId = archived.world.structure.id;
    const request = { organisationId, publicId: await addressOf(credentialId), fault: { heldOn }, by };
    const { digest } = await replacing.analyse(request);
    await replacing.run({ ...request, expectedDigest: digest, reasonClass: 'register_corrected' });
    await signAll();
  };

  it('finds one of two assessed outcomes that was changed, and tells it from a badge without any', async () => {
    const [person] = room.people as [string];
    const { rows } = await owner.query('select id, award_id as award from credential where id = $1', [
      room.credentialIds[0],
    ]);
    const ids = { credential: rows[0].id, award: rows[0].award };
    const differs = { code: 'assessment_differs', ids };
    const assessments = await owner.query(
      'select id from assessment where session_id = $1 and person_id = $2',
      [room.sessionId, person],
    );
    expect(assessments.rows).toHaveLength(2);
    for (const { id } of assessments.rows)
      for (const assignment of ["outcome = 'not_yet'", "target_code = '9.9'"])
        expect([assignment, await foundWith('assessment', `id = '${id}'`, assignment)]).toEqual([
          assignment,
          [differs],
        ]);
    const both = `session_id = '${room.sessionId}' and person_id = '${person}'`;
    await owner.query(`update assessment set outcome = 'not_yet' where ${both}`);
    expect(await check()).toEqual([{ code: 'assessment_missing', ids }]);
    await owner.query(`update assessment set outcome = 'acquired' where ${both}`);
    expect(await check()).toEqual([]);
  });

  it('goes on to its end when the reasons of an award say what cannot be read', async () => {
    const [credential] = room.credentialIds as [string];
    const { award_id: award } = (
      await owner.query('select award_id from credential where id = $1', [credential])
    ).rows[0];
    for (const reasons of [
      '{}',
      '[null]',
      '[{"code": "acquired"}]',
      '[{"code": "acquired", "text": {}}]',
      '[{"code": "present", "text": {"en": 1}, "sessionId": "none", "on": "never"}]',
    ]) {
      const found = await foundWith('award', `id = '${award}'`, `reasons = '${reasons}'`);
      expect([reasons, found.map(({ code }) => code)]).toEqual([
        reasons,
        expect.arrayContaining(['archive_differs']),
      ]);
    }
    expect(await check()).toEqual([]);
  });

  it('finds a session that was put on another day than its badges tell', async () => {
    const { sessionId: session, credentialIds } = room;
    expect(await foundWith('session', `id = '${session}'`, "held_on = '2026-10-06'")).toEqual(
      [...credentialIds]
        .sort()
        .map((credential) => ({ code: 'session_day_differs', ids: { credential, session } })),
    );
    expect(await check()).toEqual([]);
  });

  it('finds nothing of a session that was moved, also where a badge stays on it for other reasons', async () => {
    const moved = await aRoom();
    const [replaced, stays] = moved.credentialIds as [string, string];
    // As a later file brings it: from now on these facts alone would not give the badge.
    await assess(moved.sessionId, moved.people[1]!, '2.2', 'not_yet', archived.world.assessorId);
    await moveTo(replaced, '2026-10-07');
    const [newer, still] = await badgesOf(moved.people);
    expect([newer === replaced, still]).toEqual([false, stays]);
    expect(await check()).toEqual([]);
    const found = await foundWith('session', `id = '${moved.sessionId}'`, "held_on = '2026-10-08'");
    expect(found.map(({ code, ids }) => [code, ids.credential])).toEqual(
      [newer, stays].sort().map((id) => ['session_day_differs', id]),
    );
  });

  it('finds corrections that are gone, forged or altered, after corrections and withdrawals that it names not', async () => {
    const { api, structure, assessorId } = archived.world;
    const [corrected, withdrawn] = [await aRoom(), await aRoom()];
    const correcting = new CorrectRegister(api, queue, origin);
    const [personId] = corrected.people as [string];
    const request = {
      organisationId: structure.id,
      sessionId: corrected.sessionId,
      attendances: [],
      assessments: [
        { personId, competency: '1.1', outcome: 'not_yet' as const, assessorPersonId: assessorId },
      ],
      by,
    };
    const { digest } = await correcting.analyseSession(request);
    await correcting.runSession({ ...request, expectedDigest: digest });
    const withdrawing = new WithdrawSession(api, queue, origin);
    const session = { organisationId: structure.id, sessionId: withdrawn.sessionId };
    const told = await withdrawing.analyse(session);
    await withdrawing.run({ ...session, expectedDigest: told.digest, reasonClass: 'issued_in_error', by });
    await signAll();
    expect(await check()).toEqual([]);

    const { rows } = await owner.query('select id, kind from register_correction order by id');
    expect(rows.map(({ kind }) => kind).sort()).toEqual(['replacement', 'session', 'withdrawal']);
    for (const { id } of rows)
      for (const assignment of [
        "changes = '[1, 2, 3, 4, 5, 6, 7]'",
        "effects = '{}'",
        "by = 'client:else'",
        `digest = '${'0'.repeat(64)}'`,
        "confirmed_at = '2026-01-01'",
      ])
        expect([
          assignment,
          ofCorrections(await foundWith('register_correction', `id = '${id}'`, assignment)),
        ]).toEqual([assignment, [id]]);
    const all = rows.map(({ id }) => id);
    await owner.query('create temporary table kept as select * from register_correction');
    await owner.query('delete from register_correction');
    expect(ofCorrections(await check())).toEqual(all);
    expect(ofCorrections(await check({ organisationId: structure.id }))).toEqual(all);
    expect(ofCorrections(await check({ organisationId: structure.parentId! }))).toEqual([]);
    await owner.query('insert into register_correction select * from kept');
    const forged = uuid();
    await owner.query(
      `insert into register_correction (id, organisation_id, kind, digest, changes, effects, by)
       select $1, organisation_id, kind, digest, changes, effects, by from kept limit 1`,
      [forged],
    );
    expect(ofCorrections(await check())).toEqual([forged]);
    await owner.query('delete from register_correction where id = $1', [forged]);
    expect(await check()).toEqual([]);
  });

  it('finds an edition of a badge that was altered, with its hash or not, and nothing of a new edition', async () => {
    const { api } = archived.world;
    const { rows } = await owner.query(
      "select id, organisation_id as organisation, content_hash as hash from achievement where code = 'B-CE-1'",
    );
    const [{ id, organisation, hash }] = rows;
    const catalogue = readStarterCatalogue();
    const renamed = catalogue.badges.find(({ code }) => code === 'B-CE-1')!;
    renamed.name = { fr: 'Un autre nom', en: 'Another name' };
    await api.transaction((tx) =>
      importAchievements(tx, {
        organisationId: organisation,
        organisationName: 'Programme Exemple',
        catalogue,
      }),
    );
    await aRoom();
    expect(await check()).toEqual([]);

    const differs = [{ code: 'achievement_differs', ids: { achievement: id } }];
    const where = `id = '${id}'`;
    for (const assignment of [
      'name = \'{"fr": "Faux", "en": "False"}\'',
      'description = \'{"fr": "Faux", "en": "False"}\'',
      "criteria = '[]'",
      'rule = \'{"all": []}\'',
      `alignments = '${'['.repeat(300)}${']'.repeat(300)}'`,
      'version = 7',
      `content_hash = '${'0'.repeat(64)}'`,
    ])
      expect([assignment, await foundWith('achievement', where, assignment)]).toEqual([assignment, differs]);
    await owner.query('create temporary table taken as select * from achievement where id = $1', [id]);
    await owner.query('delete from achievement where id = $1', [id]);
    expect(await check()).toEqual(differs);
    await owner.query('insert into achievement select * from taken');
    // Whoever knows how makes the hash fit; the signed badges say what was there.
    const { name } = (await owner.query('select name from achievement where id = $1', [id])).rows[0];
    await owner.query('update achievement set name = $2 where id = $1', [id, { fr: 'Faux', en: 'False' }]);
    const altered = await api.getRepository(Achievement).findOneByOrFail({ id });
    await owner.query('update achievement set content_hash = $2 where id = $1', [id, contentHashOf(altered)]);
    expect(await check()).toEqual(differs);
    await owner.query('update achievement set content_hash = $2, name = $3 where id = $1', [id, hash, name]);
    expect(await check()).toEqual([]);
  });

  it('finds names that badges do not tell of who issued, made or stands above, and no honest change of name', async () => {
    const { api, structure } = archived.world;
    const named = async (id: string, assignment: string): Promise<unknown> => [
      assignment,
      await foundWith('organisation', `id = '${id}'`, assignment),
    ];
    const { rows } = await owner.query(
      "select kind, id from organisation where kind in ('programme', 'region') and slug like '%exemple'",
    );
    const idOf = (kind: string): string => rows.find((row) => row.kind === kind).id;
    const differs = (organisation: string) => [{ code: 'organisation_differs', ids: { organisation } }];
    for (const [id, assignment] of [
      [structure.id, "public_name = 'Atelier Faux'"],
      [structure.id, 'description = \'{"fr": "Autre chose"}\''],
      [structure.id, "siret = '00000000000000'"],
      [structure.id, "url = 'https://example.org/faux'"],
      [structure.id, 'parent_id = null'],
      [idOf('region'), "public_name = 'Région Fausse'"],
      [idOf('programme'), "public_name = 'Programme Faux'"],
    ] as const)
      expect(await named(id, assignment)).toEqual([assignment, differs(id)]);

    // As a structure that came back after a restore is registered anew, under another name.
    await owner.query('update organisation set restored_at = now() where id = $1', [structure.id]);
    await api.transaction((tx) =>
      registerOrganisation(tx, {
        kind: 'structure',
        slug: structure.slug,
        legalName: 'Chantier Nouveau (SIAE fictive)',
        publicName: 'Atelier Nouveau',
        parentId: structure.parentId,
      }),
    );
    await settle();
    expect(await check()).toEqual([]);
    const { credentialIds } = await aRoom();
    expect(await check()).toEqual([]);
    // A minute must lie between the act and the badges that are held against it.
    await owner.query(
      "update credential set created_at = created_at + interval '5 minutes' where id = any($1)",
      [credentialIds],
    );
    expect(await named(structure.id, "public_name = 'Atelier Faux'")).toEqual([
      "public_name = 'Atelier Faux'",
      differs(structure.id),
    ]);
    expect(await check()).toEqual([]);
  });
});
