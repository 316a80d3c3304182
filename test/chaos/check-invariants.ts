import { judgeAwards } from './judge-awards.js';
import { reread } from './reread.js';
import { readSignings } from './signings.js';
import type { Site } from './site.js';
import { type Verified, verifySigned } from './verify-signed.js';

/** What the database holds after a fault, counted; `broken` says in a sentence each thing that must not be. */
export interface Findings {
  promised: number;
  signed: number;
  /** Awards that are refused; those that the scenario does not ask for are `broken`. */
  refused: number;
  /** Awards that the scenario asks to be refused; fewer are `broken` too. */
  toRefuse: number;
  cancelled: number;
  /** Promised awards that are neither issued nor visibly refused nor taken back. */
  lost: number;
  /** Second active credentials of an award, second awards of a learner for a badge, second stored or recorded signatures. */
  doubled: number;
  /** Signed credentials whose bytes and signatures were checked one by one. */
  verified: number;
  /** Credentials that workers signed more than once; to other bytes than before is `broken`. */
  signedAgain: number;
  /** Of the verified ones, those that were also given to `@digitalbazaar/vc`. */
  verifiedOutside: number;
  broken: string[];
}

// Each counts what may not exist; 0 is right.
const atRest: Record<string, string> = {
  'outbox rows stay open': 'select count(*) from outbox where done_at is null',
  'credentials stay planned': `select count(*) from credential where state = 'planned'`,
  'awards stay planned': `select count(*) from award where state = 'planned'`,
};

// These hold at every moment, however much is under way.
const always: Record<string, string> = {
  'status indexes are used twice':
    'select count(*) from (select from credential group by status_list_id, status_index having count(*) > 1) as t',
  'credentials have no reserved status index': `select count(*) from credential c where not exists
     (select from status_entry e where e.credential_id = c.id and e.status_list_id = c.status_list_id and e.position = c.status_index)`,
  'awards are told issued without a stored credential': `select count(*) from award a where a.state = 'issued' and not exists
     (select from credential c where c.award_id = a.id and c.state = 'signed' and coalesce(c.document, c.proof) is not null and coalesce(c.jwt, c.jwt_signature) is not null)`,
  'credentials are signed for an award that is not issued': `select count(*) from credential c join award a on a.id = c.award_id
     where c.state = 'signed' and a.state in ('planned', 'refused', 'cancelled')`,
  'refusals do not say why in French and English': `select count(*) from credential where state = 'refused'
     and (coalesce(refusal #>> '{detail,fr}', '') = '' or coalesce(refusal #>> '{detail,en}', '') = '')`,
  'credentials point at a status list that nobody signed': `select count(*) from credential c
     join status_list l on l.id = c.status_list_id where c.state = 'signed' and l.document is null`,
  'credentials were signed before they were planned':
    'select count(*) from credential where signed_at < created_at',
  'credentials begin in the future': `select count(*) from credential
     where (payload::jsonb ->> 'validFrom')::timestamptz > now() + interval '60 seconds'`,
};

const doubles: Record<string, string> = {
  'second active credentials of an award': `select coalesce(sum(n - 1), 0) from (select count(*) as n from credential
     where state in ('planned', 'signed') group by award_id, edition) as t`,
  'second awards of a learner for a badge': `select coalesce(sum(n - 1), 0) from (select count(*) as n from award
     where state <> 'cancelled' group by organisation_id, badge_code, person_id) as t`,
  'second stored signatures': `select coalesce(sum(n - 1), 0) from (select count(*) as n from signature_log group by credential_id) as t`,
  // The same bytes stored once more change nothing but this.
  'second records of a signature in the audit': `select coalesce(sum(n - 1), 0) from (select count(*) as n from audit_event
     where action = 'credential.signed' group by subject ->> 'credentialId') as t`,
};

async function counted(site: Site, rules: Record<string, string>, broken: string[]): Promise<number> {
  let sum = 0;
  for (const [words, sql] of Object.entries(rules)) {
    const number = await site.count(sql);
    sum += number;
    if (number > 0) broken.push(`${number} ${words}`);
  }
  return sum;
}

/** What may not be even while everything runs and breaks. @returns what is wrong, in sentences; none is right */
export async function checkMeanwhile(site: Site): Promise<string[]> {
  const broken: string[] = [];
  await counted(site, { ...always, ...doubles }, broken);
  return broken;
}

export interface CheckOptions {
  /** Signed credentials to verify byte by byte at most (default 500); more are drawn at random. */
  sample?: number;
  /** One in so many, at random, is given to `@digitalbazaar/vc` too; the api must run. Missing: none. */
  outsideOneIn?: number;
}

/**
 * Reads the whole database and the archive after a fault and holds them against the invariants (docs/ARCHITECTURE.md),
 * on a site that `rereads` with what `insigne check` asks of everything that was issued.
 */
export async function checkInvariants(
  site: Site,
  { sample = 500, outsideOneIn }: CheckOptions = {},
): Promise<Findings> {
  const broken: string[] = [];
  await counted(site, { ...atRest, ...always }, broken);
  const doubled = await counted(site, doubles, broken);
  const states = await awardStates(site);
  const { promised, toRefuse, takenBack } = site;
  const refusals = await refusalsIn(site);
  const awards = judgeAwards({ promised, toRefuse, takenBack, states, refusals });
  broken.push(...awards.broken);
  const { verified, verifiedOutside, faults }: Verified = await verifySigned(site, { sample, outsideOneIn });
  const again = await readSignings(site);
  broken.push(...faults, ...again.faults);
  if (site.rereads) broken.push(...(await reread(site)));
  return {
    promised: promised.size,
    signed: await site.count(`select count(*) from credential where state = 'signed'`),
    refused: awards.refused.length,
    toRefuse: toRefuse.size,
    cancelled: [...states.values()].filter((state) => state === 'cancelled').length,
    lost: awards.lost.length,
    doubled,
    verified,
    verifiedOutside,
    signedAgain: again.signedAgain,
    broken,
  };
}

async function awardStates(site: Site): Promise<Map<string, string>> {
  const { rows } = await site.owner.query<{ id: string; state: string }>('select id, state from award');
  return new Map(rows.map(({ id, state }) => [id, state]));
}

async function refusalsIn(site: Site): Promise<Map<string, string>> {
  const { rows } = await site.owner.query<{ id: string; code: string }>(
    `select a.id, coalesce(string_agg(distinct c.refusal ->> 'code', ' '), 'without a reason') as code
     from award a left join credential c on c.award_id = a.id and c.state = 'refused'
     where a.state = 'refused' or c.id is not null group by a.id`,
  );
  return new Map(rows.map(({ id, code }) => [id, code]));
}
