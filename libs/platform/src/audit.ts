import type { EntityManager } from 'typeorm';
import { DomainError } from './errors.js';
import { uuid } from './ids.js';
import { textArray } from './text-array.js';

/**
 * Something that changed what we issue or who may issue it.
 * `actor`: `worker`, `cli`, `cli:<code of whoever runs it>`, `client:<client id>`, `person:<uuid>`; `action`: `credential.signed`, `key.created`…;
 * `subject`: ids, hashes, days, counts and codes only, never anything that tells about a person. A text must look like
 * one of these; a code is taken in the fields that are meant for codes only.
 */
export interface AuditEvent {
  actor: string;
  action: string;
  subject: Record<string, string | number | boolean | null>;
}

/** An event carries something else than ids, hashes, counts and codes (`audit_event_refused`). */
export class AuditEventRefused extends DomainError {
  readonly code = 'audit_event_refused';
  constructor(action: string, field: string) {
    super(
      `The audit event ${/^[a-z_.]{1,60}$/.test(action) ? action : '(unnamed)'} is refused: ${field} must be an id, a hash, a number or a code`,
      { details: { field } },
    );
  }
}

const actorForm = /^[a-z][a-z-]{0,30}(:[!-?A-~]{1,120})?$/;
const actionForm = /^[a-z_]{1,40}\.[a-z_]{1,40}$/;
// No name of a person looks like one of these.
const evident: RegExp[] = [
  // A UUID, a SHA-256, an id of a signing key or of an API client.
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{64}$/,
  /^(ed|rsa)-[0-9a-z]{16}$/,
  /^client-[\w-]{12}$/,
  // A day, an instant (ISO 8601).
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?Z)?$/,
  /^(Ed25519|RS256)$/,
];
// A code could be a first name in small letters: it stands only where a code of ours is written.
const codeForm = /^[a-z][a-z0-9_:-]{0,60}(,[a-z][a-z0-9_:-]{0,60}){0,40}$/;
const codeFields = new Set([
  'code',
  'consentHow',
  'decision',
  'field',
  'form',
  'how',
  'keyServiceKind',
  'kind',
  'reason',
  'role',
  'roles',
  'scopes',
  'target',
]);

const isPlain = (field: string, value: string): boolean =>
  evident.some((form) => form.test(value)) || (codeFields.has(field) && codeForm.test(value));

/** The actor of an act whose doer is known as a client's id (`client-…`), `command-line` or a word of its own. */
export const actorOf = (by: string): string => {
  if (by === 'command-line') return 'cli';
  return by.startsWith('client-') ? `client:${by}` : by;
};

function assertPlain({ actor, action, subject }: AuditEvent): void {
  if (!actionForm.test(action)) throw new AuditEventRefused(action, 'action');
  if (!actorForm.test(actor)) throw new AuditEventRefused(action, 'actor');
  for (const [field, value] of Object.entries(subject)) {
    if (typeof value === 'string' && !isPlain(field, value)) throw new AuditEventRefused(action, field);
  }
}

/**
 * Records events in the caller's transaction: they exist exactly when the change exists. The worker gives each its
 * line in the chain within a second or so after the commit.
 * @throws AuditEventRefused (`audit_event_refused`) when an event carries more than ids, hashes, counts and codes
 */
export async function appendAudit(tx: EntityManager, events: AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  for (const event of events) assertPlain(event);
  await tx.query(
    `with waiting as (insert into audit_waiting (event_id) select unnest($1::uuid[]))
     insert into audit_event (id, actor, action, subject)
     select id, actor, action, subject::jsonb
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as t (id, actor, action, subject)`,
    [
      events.map(() => uuid()),
      textArray(events.map((e) => e.actor)),
      textArray(events.map((e) => e.action)),
      textArray(events.map((e) => JSON.stringify(e.subject))),
    ],
  );
}
