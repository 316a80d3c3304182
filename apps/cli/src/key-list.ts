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
            (select count(*)::int from credential c where c.signed_at is not null
             and case k.algorithm when 'Ed25519' then c.ed25519_key_id else c.rs256_key_id end = k.id) as badges
     from signing_key k where k.issuer_id = $1 order by k.created_at, k.id`,
    [issuerId],
  );
