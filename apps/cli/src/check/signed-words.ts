import { type DataSource, In } from 'typeorm';
import { Achievement, achievementJson, contentHashOf, issuerProfile, issuerUrl, type Json } from '#badges';
import { sha256Hex, type Text } from '#platform';
import type { Fault } from './faults.js';
import type { Scope } from './issued-range.js';
import { parsed } from './jwt-headers.js';

/** Credentials in which the words are read. */
interface Samples {
  /** By achievement: any signed badge of it. */
  achievements: Map<string, string>;
  /** By achievement, and by organisation that issues: a badge planned since everybody in it was named. */
  creators: Map<string, string>;
  issuers: Map<string, string>;
}

/** Of what, and the text of a badge that tells of it. */
interface Told {
  id: string;
  payload: string;
  payload_sha256: string;
}

const pageSize = 500;

// An organisation is named when it is put back from the archive, and registered anew after that.
const named = `named as materialized (
  select subject->>'organisationId' as id, max(at) + interval '1 minute' as at from audit_event
  where action = 'organisation.restored' or action = 'organisation.changed' and subject->>'field' = 'registration'
  group by 1)`;
/** Of the credential `c`, its organisation's parent `o.parent_id` and the achievement `k`. */
const namings = `
  left join named n1 on n1.id = c.organisation_id::text left join named n2 on n2.id = o.parent_id::text
  left join named n3 on n3.id = k.organisation_id::text`;
// Two transactions of the same moment do not tell which of them came first: hence the minute.
const isSinceNamed = `c.created_at > coalesce(greatest(n1.at, n2.at, n3.at), '-infinity')`;

/**
 * Versions of badges and names of organisations against what signed badges say of them: a version is never edited, and
 * an organisation is named anew only by an act that the audit chain knows. One badge of each is read.
 * @param onFaults told after each page
 * @param isOver asked before each page: true reads nothing more
 */
export async function signedWordFaults(
  database: DataSource,
  { origin, scope }: { origin: string; scope: Scope },
  onFaults: (faults: Fault[]) => void,
  isOver: () => boolean = () => false,
): Promise<void> {
  const samples = await samplesOf(database, scope);
  await achievementFaults(database, { origin, scope, samples }, onFaults, isOver);
  const otherwise = new Set<string>();
  const questions = [
    [samples.creators, creatorsNamedOtherwise],
    [samples.issuers, issuersNamedOtherwise],
  ] as const;
  for (const [sample, ask] of questions)
    for (const pairs of pagesOf([...sample])) {
      if (isOver()) return;
      for (const id of await ask(database, origin, pairs)) otherwise.add(id);
    }
  onFaults([...otherwise].map((id) => ({ code: 'organisation_differs', ids: { organisation: id } })));
}

async function samplesOf(database: DataSource, { organisationId, since }: Scope): Promise<Samples> {
  const rows: { achievement: string; organisation: string; first: string; own: string | null }[] =
    await database.query(
      `with ${named}
       select achievement, organisation, min(id) as first, min(id) filter (where is_own) as own from (
         select a.achievement_id as achievement, c.organisation_id as organisation, c.id::text collate "C" as id,
                c.supersedes is null and r.id is null and ${isSinceNamed} as is_own
         from credential c join award a on a.id = c.award_id
         left join achievement k on k.id = a.achievement_id join organisation o on o.id = c.organisation_id ${namings}
         left join (select distinct subject->>'credentialId' as id from audit_event
                    where action = 'credential.restored') r on r.id = c.id::text
         where c.state in ('signed', 'superseded') and ($1::uuid is null or c.organisation_id = $1)
           and ($2::timestamptz is null or c.signed_at >= $2)) as told
       group by 1, 2 order by 1, 2`,
      [organisationId ?? null, since ?? null],
    );
  const own = rows.flatMap((row) => (row.own === null ? [] : [{ ...row, own: row.own }]));
  return {
    achievements: new Map(rows.map(({ achievement, first }) => [achievement, first])),
    creators: new Map(own.map((row) => [row.achievement, row.own])),
    issuers: new Map(own.map((row) => [row.organisation, row.own])),
  };
}

function* pagesOf<T>(items: T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += pageSize) yield items.slice(at, at + pageSize);
}

async function achievementFaults(
  database: DataSource,
  { origin, scope, samples }: { origin: string; scope: Scope; samples: Samples },
  onFaults: (faults: Fault[]) => void,
  isOver: () => boolean,
): Promise<void> {
  const rows: { id: string; organisation: string }[] = await database.query(
    'select id, organisation_id as organisation from achievement order by id',
  );
  const known = new Set(rows.map(({ id }) => id));
  const gone = [...samples.achievements.keys()].filter((id) => !known.has(id));
  onFaults(gone.map((id) => ({ code: 'achievement_differs', ids: { achievement: id } })));
  const asked = rows.filter(
    ({ id, organisation }) =>
      scope.organisationId === undefined ||
      organisation === scope.organisationId ||
      samples.achievements.has(id),
  );
  for (const page of pagesOf(asked.map(({ id }) => id))) {
    if (isOver()) return;
    const found = await database.getRepository(Achievement).findBy({ id: In(page) });
    const contents = await contentsOf(
      database,
      page.flatMap((id) => samples.achievements.get(id) ?? []),
    );
    const differing = found.filter(
      (one) => !isAsTold(origin, one, contents.get(samples.achievements.get(one.id) ?? '')),
    );
    onFaults(differing.map(({ id }) => ({ code: 'achievement_differs', ids: { achievement: id } })));
  }
}

async function contentsOf(database: DataSource, ids: string[]): Promise<Map<string, Json | undefined>> {
  const rows: Told[] = await database.query(
    'select id, payload, payload_sha256 from credential where id = any($1)',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, contentOf(row)]));
}

/** What was planned and signed; nothing when the text is another one, of which another fault tells. */
const contentOf = ({ payload, payload_sha256: digest }: Told): Json | undefined =>
  sha256Hex(payload) === digest ? parsed(payload) : undefined;

/** Is a version what was imported, and what the badge says that was signed of it, if any was? */
function isAsTold(origin: string, achievement: Achievement, content: Json | undefined): boolean {
  // Somebody with every right may have written anything.
  try {
    if (contentHashOf(achievement) !== achievement.contentHash) return false;
    const told = achievementIn(content);
    if (!told) return true;
    // Names of organisations and the picture's description come from elsewhere.
    const creator = { slug: '', name: '' };
    const facts = { ...achievement, creator, pictureAlt: {} };
    return wordsOf(achievementJson({ origin, achievement: facts })) === wordsOf(told);
  } catch {
    return false;
  }
}

/** What every version of this program writes alike. */
const wordsOf = ({ id, name, description, criteria, humanCode, version, alignment }: Json): string =>
  JSON.stringify([
    id,
    name,
    description,
    (criteria as Json | undefined)?.narrative,
    humanCode,
    version,
    ((alignment ?? []) as Json[]).map(({ targetName, targetCode, targetFramework }) => [
      targetName,
      targetCode,
      targetFramework,
    ]),
  ]);

const achievementIn = (content: Json | undefined): Json | undefined =>
  (content?.credentialSubject as Json | undefined)?.achievement as Json | undefined;

/** Organisations whose versions of badges name them otherwise than they are recorded. */
async function creatorsNamedOtherwise(
  database: DataSource,
  origin: string,
  pairs: [string, string][],
): Promise<string[]> {
  // The names in one statement with the acts that give them: an organisation may be named meanwhile.
  const rows: (Told & { slug: string; name: string })[] = await database.query(
    `with ${named}
     select creator.id, creator.slug, creator.public_name as name, c.payload, c.payload_sha256
     from unnest($1::uuid[], $2::uuid[]) as t (achievement, credential)
     join achievement k on k.id = t.achievement join organisation creator on creator.id = k.organisation_id
     join credential c on c.id = t.credential join organisation o on o.id = c.organisation_id ${namings}
     where ${isSinceNamed}`,
    [pairs.map(([achievement]) => achievement), pairs.map(([, credential]) => credential)],
  );
  return rows.flatMap((row) => {
    const { id, slug, name } = row;
    const told = achievementIn(contentOf(row))?.creator as Json | undefined;
    const isSame = !told || (told.id === issuerUrl(origin, slug) && told.name === name);
    return isSame ? [] : [id];
  });
}

interface IssuerRow extends Told {
  slug: string;
  name: string;
  siret: string | null;
  url: string | null;
  description: Text | null;
  /** Null, with what follows, when nobody is above. */
  parent_id: string | null;
  parent_slug: string | null;
  parent_name: string | null;
}

/** Organisations that their badges, or those of one below them, present otherwise than they are recorded. */
async function issuersNamedOtherwise(
  database: DataSource,
  origin: string,
  pairs: [string, string][],
): Promise<string[]> {
  const rows: IssuerRow[] = await database.query(
    `with ${named}
     select o.id, o.slug, o.public_name as name, o.siret, o.url, o.description, p.id as parent_id,
            p.slug as parent_slug, p.public_name as parent_name, c.payload, c.payload_sha256
     from unnest($1::uuid[], $2::uuid[]) as t (organisation, credential)
     join credential c on c.id = t.credential join award a on a.id = c.award_id
     join achievement k on k.id = a.achievement_id join organisation o on o.id = t.organisation
     left join organisation p on p.id = o.parent_id ${namings}
     where ${isSinceNamed}`,
    [pairs.map(([organisation]) => organisation), pairs.map(([, credential]) => credential)],
  );
  return rows.flatMap((row) => {
    const told = contentOf(row)?.issuer as Json | undefined;
    if (!told) return [];
    const now = profileOf(origin, row);
    if (presented(told) !== presented(now)) return [row.id];
    return nameOf(told.parentOrg) === nameOf(now.parentOrg) ? [] : [row.parent_id!];
  });
}

const profileOf = (origin: string, row: IssuerRow): Json =>
  issuerProfile(origin, {
    did: '',
    slug: row.slug,
    name: row.name,
    url: row.url,
    description: row.description ?? {},
    siret: row.siret,
    parent: row.parent_slug === null ? null : { slug: row.parent_slug, name: row.parent_name! },
  });

const presented = ({ name, url, description, otherIdentifier, parentOrg }: Json): string =>
  JSON.stringify([name, url, description, otherIdentifier, (parentOrg as Json | undefined)?.id]);

const nameOf = (profile: unknown): unknown => (profile as Json | undefined)?.name;
