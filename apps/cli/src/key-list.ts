import type { EntityManager } from 'typeorm';

/** A key as `insigne keys list` tells it. */
export interface KeyLine {
  id: string;
  algorithm: string;
  state: 'active' | 'retired' | 'compromised';
  createdAt: Date;
  /** Whole days since it was made. */
  ageDays: number;
  retiredAt: Date | null;
  compromisedSince: Date | null;
  compromiseRecordedAt: Date | null;
  /** Badges signed with it that stand or were replaced. */
  badges: number;
  /** Id of what wraps its data key; 'file (first format)' before that was recorded. */
  keyService: string;
}

/** Every key of an issuer, oldest first. Needs the worker's role. */
export const keyLines = (manager: EntityManager, issuerId: string): Promise<KeyLine[]> =>
  manager.query(
    `select k.id, k.algorithm, k.created_at as "createdAt", k.retired_at as "retiredAt",
            k.compromised_since as "compromisedSince", k.compromise_recorded_at as "compromiseRecordedAt",
            case when k.compromised_since is not null then 'compromised'
                 when k.retired_at is not null then 'retired' else 'active' end as state,
            floor(extract(epoch from now() - k.created_at) / 86400)::int as "ageDays",
            coalesce(k.key_service, 'file (first format)') as "keyService",
            case k.algorithm
              when 'Ed25519' then (select count(*)::int from credential where ed25519_key_id = k.id and signed_at is not null)
              else (select count(*)::int from credential where rs256_key_id = k.id and signed_at is not null) end as badges
     from signing_key k where k.issuer_id = $1 order by k.created_at, k.id`,
    [issuerId],
  );

/**
 * Ids of the active keys of an issuer that nobody has used yet and that no ceremony made: those that the worker makes
 * ahead of the first badge. Needs the worker's role.
 */
export async function madeAheadOnly(manager: EntityManager, issuerId: string): Promise<string[]> {
  const keys: { id: string }[] = await manager.query(
    `select k.id from signing_key k
     where k.issuer_id = $1 and k.retired_at is null and k.compromised_since is null
       and not exists (select from credential where ed25519_key_id = k.id)
       and not exists (select from credential where rs256_key_id = k.id)
       and not exists (select from statement where k.id in (ed25519_key_id, rs256_key_id))
       and not exists (select from status_list where key_id = k.id)
       and not exists (select from ob2_edition where rs256_key_id = k.id)
       and exists (select from audit_event where action = 'key.created' and subject->>'keyId' = k.id
                   and not subject ? 'ceremonySha256')
     order by k.id`,
    [issuerId],
  );
  return keys.map(({ id }) => id);
}
