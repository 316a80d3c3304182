import type { EntityManager } from 'typeorm';
import { appendAudit, sha256Hex, uuid } from '#platform';
import { statementTopic } from '../statements/statement.js';
import type { ArchivedStatement } from './archived-statement.js';
import type { OrphanReason } from './orphan-credential.js';
import { isSignedSince, refusedAt } from './signed-otherwise.js';

const tables = {
  credential: 'issued_credential',
  endorsement: 'endorsement',
  record: 'learner_record',
} as const;

/**
 * Puts one archived endorsement, record or issued credential back that the database has forgotten, with the row it stands on; its place in
 * the status list is reserved in any case (I4).
 * @returns what became of it: 'there' (nothing to do), 'back', 'differs' (other bytes: nothing is changed), or why it
 *   could only be listed among the orphans
 */
export async function putStatementBack(
  tx: EntityManager,
  statement: ArchivedStatement,
): Promise<'there' | 'back' | 'differs' | OrphanReason> {
  const digest = sha256Hex(statement.document);
  const [known]: { state: string; document_sha256: string | null; refused_at: Date | null }[] =
    await tx.query(
      `select state, document_sha256, ${refusedAt('s')} as refused_at from statement s where id = $1
     union all select 'orphan', document_sha256, null from orphan_credential where credential_id = $1`,
      [statement.id],
    );
  if (known && known.state !== 'planned' && !isSignedSince(statement, known.refused_at))
    return known.document_sha256 !== null && known.document_sha256 !== digest ? 'differs' : 'there';
  const obstacle = (await reserve(tx, statement)) ?? (await obstacleOf(tx, statement));
  if (obstacle) {
    await tx.query(
      `insert into orphan_credential (credential_id, organisation_id, award_id, badge_code, status_list_id,
                                      status_index, document_sha256, why)
       values ($1, $2, $1, $3, $4, $5, $6, $7) on conflict do nothing`,
      [
        statement.id,
        statement.organisationId,
        statement.kind,
        statement.statusListId,
        statement.statusIndex,
        digest,
        obstacle,
      ],
    );
    return obstacle;
  }
  await insert(tx, statement, digest);
  return 'back';
}

/** @returns 'index_given_again' when something else has its place, 'organisation_unknown' when there is no list for it */
async function reserve(tx: EntityManager, one: ArchivedStatement): Promise<OrphanReason | undefined> {
  await tx.query(
    `insert into status_list (id, organisation_id, public_id, size)
     select $1, $2, $3, 131072 where exists (select from organisation o where o.id = $2) on conflict (id) do nothing`,
    [one.statusListId, one.organisationId, one.statusListPublicId],
  );
  await tx.query(
    `insert into status_entry (status_list_id, position, credential_id)
     select id, $2, $3 from status_list where id = $1 on conflict do nothing`,
    [one.statusListId, one.statusIndex, one.id],
  );
  await tx.query(
    `update status_list l set taken = greatest(l.taken, (select count(*) from status_entry e where e.status_list_id = l.id))
     where l.id = $1`,
    [one.statusListId],
  );
  const [entry]: { credential_id: string }[] = await tx.query(
    'select credential_id from status_entry where status_list_id = $1 and position = $2',
    [one.statusListId, one.statusIndex],
  );
  if (!entry) return 'organisation_unknown';
  return entry.credential_id === one.id ? undefined : 'index_given_again';
}

/** Every organisation that it stands on: whose it is, whom it is about, and whose words it holds. */
export const organisationsOf = ({ organisationId, about }: ArchivedStatement): string[] =>
  [organisationId, about.organisation_id, about.endorser_organisation_id].filter(
    (id): id is string => typeof id === 'string',
  );

async function obstacleOf(tx: EntityManager, one: ArchivedStatement): Promise<OrphanReason | undefined> {
  const { person_id: person, award_id: award, achievement_id: achievement } = one.about;
  const [row]: { why: OrphanReason | null }[] = await tx.query(
    `select case
       when not exists (select from organisation o where o.id = $1) then 'organisation_unknown'
       when $2::uuid is not null and not exists (select from person p where p.id = $2) then 'person_unknown'
       when $3::uuid is not null and not exists (select from award a where a.id = $3) then 'person_unknown'
       when $4::uuid is not null and not exists (select from achievement a where a.id = $4) then 'achievement_unknown'
       when exists (select from unnest($7::uuid[]) as t (id)
                    where not exists (select from organisation o where o.id = t.id)) then 'achievement_unknown'
       when (select count(*) from signing_key k where k.id in ($5, $6)) < 2 then 'key_unknown'
     end as why`,
    [
      one.organisationId,
      person ?? null,
      award ?? null,
      achievement ?? null,
      one.ed25519KeyId,
      one.rs256KeyId,
      organisationsOf(one),
    ],
  );
  return row?.why ?? undefined;
}

/** ISO 8601, UTC. The dates of what a client had issued are the client's. */
const plannedAt = ({ kind, payload, signedAt }: ArchivedStatement): string =>
  kind === 'credential' ? signedAt : (JSON.parse(payload) as { validFrom: string }).validFrom;

async function insert(tx: EntityManager, one: ArchivedStatement, digest: string): Promise<void> {
  const outboxId = uuid();
  await tx.query(
    `insert into outbox (id, topic, organisation_id, priority, enqueued_at, done_at) values ($1, $2, $3, 1, now(), now())`,
    [outboxId, statementTopic, one.organisationId],
  );
  // Signed again, it took the place and the address of the first one.
  if (one.supersedes !== undefined)
    await tx.query(
      `update statement set state = 'void', payload = '', document = null, jwt = null where id = $1 and state <> 'void'`,
      [one.supersedes],
    );
  await tx.query(
    `insert into statement (id, kind, organisation_id, public_id, state, outbox_id, status_list_id, status_index,
                            issuer_did, payload, payload_sha256, ed25519_key_id, rs256_key_id, document,
                            document_sha256, jwt, signed_at, supersedes, created_at)
     values ($1, $2, $3, $4, 'signed', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
             (select id from statement where id = $17), $18)
     on conflict (id) do update set state = 'signed', refusal = null, payload = excluded.payload,
       payload_sha256 = excluded.payload_sha256, document = excluded.document, document_sha256 = excluded.document_sha256, jwt = excluded.jwt, signed_at = excluded.signed_at,
       ed25519_key_id = excluded.ed25519_key_id, rs256_key_id = excluded.rs256_key_id`,
    [
      one.id,
      one.kind,
      one.organisationId,
      one.publicId,
      outboxId,
      one.statusListId,
      one.statusIndex,
      one.issuerDid,
      one.payload,
      sha256Hex(one.payload),
      one.ed25519KeyId,
      one.rs256KeyId,
      one.document,
      digest,
      one.jwt,
      one.signedAt,
      one.supersedes ?? null,
      plannedAt(one),
    ],
  );
  // The older row, if the backup has one, gives way: it was asked for and not yet signed then.
  await tx.query(`delete from ${tables[one.kind]} where id = $1`, [one.about.id]);
  await tx.query(
    `insert into ${tables[one.kind]} select * from jsonb_populate_record(null::${tables[one.kind]}, $1)`,
    [JSON.stringify(one.about)],
  );
  await appendAudit(tx, [
    {
      actor: 'cli',
      action: 'statement.restored',
      subject: { statementId: one.id, organisationId: one.organisationId, documentSha256: digest },
    },
  ]);
}

/** What the published lists call revoked was withdrawn after the backup: its content is erased again. */
export async function eraseEndedStatements(tx: EntityManager): Promise<void> {
  const [ended]: [{ id: string }[], number] = await tx.query(
    `update statement s set state = 'void', payload = '', document = null, jwt = null from status_entry e
     where e.credential_id = s.id and e.state = 'revoked' and s.state <> 'void' returning s.id`,
  );
  const ids = ended.map(({ id }) => id);
  await tx.query(
    `update endorsement set state = 'withdrawn', comment = null, endorser_name = null, endorser_url = null,
       ended_at = now(), ended_by = 'cli', withdrawal_sha256 = null where statement_id = any($1)`,
    [ids],
  );
  await tx.query(
    `update issued_credential set ended_at = now(), ended_by = 'cli' where statement_id = any($1) and ended_at is null`,
    [ids],
  );
  await tx.query(
    `update learner_record set withdrawn_at = now(), withdrawn_by = 'cli' where statement_id = any($1) and withdrawn_at is null`,
    [ids],
  );
}
