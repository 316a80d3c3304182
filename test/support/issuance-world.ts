import { createSecretKey, randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import {
  allEntities,
  PublishStatusLists,
  planAwards,
  SignCredentials,
  type SignedBytesArchive,
  type SigningSteps,
  SignPromised,
  SignStatements,
} from '#badges';
import type { Organisation } from '#people';
import { grantRole, registerOrganisation, registerPerson } from '#people';
import { dataSourceOptions, uuid } from '#platform';
import { KeyStore, SecretKeyService } from '#signing';
import { importStarterContent, sampleOrganisations } from '../../apps/cli/src/sample-data.js';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { createFilledDatabase, type TestDatabase } from './database.js';

export const origin = 'http://localhost:4180';

/** A structure with its catalogue, its assessor and what signs for it, on a database of its own. */
export interface IssuanceWorld {
  /** As the api's role, and as the worker's. */
  api: DataSource;
  worker: DataSource;
  urls: TestDatabase;
  /** Of what is planned and signed; `origin` when absent. */
  at?: string;
  structure: Organisation;
  assessorId: string;
  keyStore: KeyStore;
  signCredentials: SignCredentials;
  /** Signs badges and statements, as the worker does. */
  signPromised: SignPromised;
  /** The same with steps of the test's own. */
  signWith(steps: SigningSteps): SignCredentials;
  close(): Promise<void>;
}

const open = (url: string): Promise<DataSource> =>
  new DataSource(dataSourceOptions({ url, entities: allEntities, poolSize: 4 })).initialize();

async function importStarter({ url }: TestDatabase): Promise<void> {
  const api = await open(url);
  try {
    await importStarterContent(api, (await sampleOrganisations(api)).programme);
  } finally {
    await api.destroy();
  }
}

/**
 * @param database a migrated, empty one; a fresh one of the run's PostgreSQL when left out
 * @param at the origin of what is signed
 */
export async function anIssuanceWorld(database?: TestDatabase, at = origin): Promise<IssuanceWorld> {
  const urls = database ?? (await createFilledDatabase('starter', importStarter));
  if (database) await importStarter(database);
  const [api, worker] = await Promise.all([open(urls.url), open(urls.workerUrl)]);
  const { structure } = await sampleOrganisations(api);
  const assessorId = await aPerson(api, structure.id, 'Odile FICTIVE', null);
  await grantRole(api.manager, {
    organisationId: structure.id,
    personId: assessorId,
    role: 'assessor',
    validFrom: '2026-09-01',
    confirmedBy: 'test',
  });
  const keyStore = new KeyStore(worker, new SecretKeyService(createSecretKey(randomBytes(32))));
  const lists = new PublishStatusLists(worker, keyStore, at);
  const signCredentials = new SignCredentials(worker, keyStore, new CredentialGate(), lists, at);
  const signStatements = new SignStatements(worker, keyStore, new CredentialGate(), lists, at);
  return {
    api,
    worker,
    urls,
    at,
    structure,
    assessorId,
    keyStore,
    signCredentials,
    signPromised: new SignPromised(worker, signCredentials, signStatements),
    signWith: (steps) => new SignCredentials(worker, keyStore, new CredentialGate(), lists, at, steps),
    close: async () => {
      await Promise.all([api.destroy(), worker.destroy()]);
      await urls.drop();
    },
  };
}

/** Another signer on the same database, as a second worker has it. */
export const anotherSigner = (
  { worker, keyStore }: IssuanceWorld,
  at = origin,
  archive?: SignedBytesArchive,
  steps?: SigningSteps,
): SignCredentials =>
  new SignCredentials(
    worker,
    keyStore,
    new CredentialGate(),
    new PublishStatusLists(worker, keyStore, at),
    at,
    steps,
    archive,
  );

/** A person by "Given FAMILY". @returns the id */
export async function aPerson(
  database: DataSource,
  organisationId: string,
  name: string,
  birthYear: number | null = 1990,
): Promise<string> {
  const [givenName, ...familyName] = name.split(' ');
  const person = await registerPerson(database.manager, {
    organisationId,
    givenName: givenName!,
    familyName: familyName.join(' '),
    birthYear,
  });
  return person.id;
}

/** A structure beside the world's, with an assessor of its own: the same world, seen from there. */
export async function anotherStructure(world: IssuanceWorld, slug: string): Promise<IssuanceWorld> {
  const { api, structure } = world;
  const other = await registerOrganisation(api.manager, {
    kind: 'structure',
    slug: `${slug}-${uuid().slice(-6)}`,
    legalName: `Structure ${slug}`,
    parentId: structure.parentId,
  });
  const assessorId = await aPerson(api, other.id, 'Odile FICTIVE', null);
  await grantRole(api.manager, {
    organisationId: other.id,
    personId: assessorId,
    role: 'assessor',
    validFrom: '2026-09-01',
    confirmedBy: 'test',
  });
  return { ...world, structure: other, assessorId };
}

/** A session of a workshop at which everybody was present and assessed "acquired". @returns the session's id */
export async function aSession(
  world: IssuanceWorld,
  given: { workshop?: string; people: string[]; heldOn?: string; assessor?: string | null },
): Promise<string> {
  const heldOn = given.heldOn ?? '2026-10-05';
  const id = uuid();
  await world.api.query(
    `insert into session (id, organisation_id, workshop_id, code, held_on, starts_at, duration_minutes, state)
     select $1, $2, id, $3, $4, $4::date + interval '9 hours', 120, 'finalised' from workshop where code = $5
     order by organisation_id = $2 desc, version desc limit 1`,
    [id, world.structure.id, `T${id.slice(-8)}`, heldOn, given.workshop ?? 'CE-1'],
  );
  for (const personId of given.people) {
    await world.api.query(
      `insert into attendance (id, session_id, person_id, anonymous, status) values ($1, $2, $3, false, 'present')`,
      [uuid(), id, personId],
    );
    await world.api.query(
      `insert into assessment (id, session_id, person_id, target_kind, target_code, outcome, assessor_person_id, assessor_name, assessed_on)
       values ($1, $2, $3, 'competency', '5.2', 'acquired', $4, 'Odile FICTIVE', $5)`,
      [uuid(), id, personId, given.assessor === undefined ? world.assessorId : given.assessor, heldOn],
    );
  }
  return id;
}

/** People who earned CE-1 together, with their awards planned. */
export async function aPlannedRoom(
  world: IssuanceWorld,
  size = 3,
): Promise<{ people: string[]; outboxIds: string[]; awardIds: string[] }> {
  const people: string[] = [];
  for (let i = 0; i < size; i += 1)
    people.push(await aPerson(world.api, world.structure.id, `Personne${i} EXEMPLE${uuid().slice(-6)}`));
  await aSession(world, { people });
  const { outboxIds, awardIds } = await plan(world, people);
  return { people, outboxIds, awardIds };
}

export const plan = (world: IssuanceWorld, personIds: string[]) =>
  world.api.transaction((tx) =>
    planAwards(tx, { organisationId: world.structure.id, personIds, origin: world.at ?? origin }),
  );

/** As `aPlannedRoom`, for a crowd: a few statements whatever the size. */
export async function aPlannedCrowd(
  world: IssuanceWorld,
  size: number,
): Promise<{ people: string[]; outboxIds: string[]; awardIds: string[]; sessionId: string }> {
  const people = Array.from({ length: size }, () => uuid());
  await world.api.query(
    `insert into person (id, organisation_id, given_name, family_name, birth_year, name_key)
     select id, $1, 'Personne', 'EXEMPLE' || id, 1990, 'exemple' || id from unnest($2::uuid[]) as t (id)`,
    [world.structure.id, people],
  );
  const sessionId = await aSession(world, { people: [] });
  await world.api.query(
    `insert into attendance (id, session_id, person_id, anonymous, status)
     select gen_random_uuid(), $1, id, false, 'present' from unnest($2::uuid[]) as t (id)`,
    [sessionId, people],
  );
  await world.api.query(
    `insert into assessment (id, session_id, person_id, target_kind, target_code, outcome, assessor_person_id, assessor_name, assessed_on)
     select gen_random_uuid(), $1, id, 'competency', '5.2', 'acquired', $3, 'Odile FICTIVE', '2026-10-05'
     from unnest($2::uuid[]) as t (id)`,
    [sessionId, people, world.assessorId],
  );
  const { outboxIds, awardIds } = await plan(world, people);
  return { people, outboxIds, awardIds, sessionId };
}
