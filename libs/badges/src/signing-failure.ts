import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, codeOfError, DomainError, isPassing, type Text, uuid } from '#platform';
import type { IssuanceQueue } from './issuance-queue.js';
import { attemptsLimit } from './sign-jobs.js';

/** What a dead letter says to people. */
export interface SigningFailure {
  code: string;
  detail: Required<Text>;
}

/**
 * What became of a batch that could not be signed: `again` (the queue tries it once more), `apart` (each of its
 * credentials goes on alone), `dead` (it waits for a person), `over` (somebody else finished it).
 */
export type FailureOutcome = 'again' | 'apart' | 'dead' | 'over';

/** The worker ended again and again while it had this batch (`worker_lost`). */
export class WorkerLost extends DomainError {
  readonly code = 'worker_lost';
  constructor() {
    super('The worker ended several times while it had this batch');
  }
}

const explanations: Record<string, Required<Text>> = {
  signing_key_unavailable: {
    fr: "La clé de signature de la structure ne s'ouvre pas. Vérifiez le réglage INSIGNE_KEY_SERVICE (ou INSIGNE_MASTER_KEY_FILE) du worker, puis relancez.",
    en: "The structure's signing key does not open. Check the worker's setting INSIGNE_KEY_SERVICE (or INSIGNE_MASTER_KEY_FILE), then retry.",
  },
  sealed_key_unreadable: {
    fr: "La clé de signature gardée dans la base ne correspond pas au service de clés du worker, ou elle a été abîmée. Rendez au worker le secret qui l'a scellée, puis relancez ; à défaut, faites une clé neuve avec « insigne keys rotate ».",
    en: 'The signing key kept in the database does not fit the worker’s key service, or was damaged. Give the worker back the secret that sealed it, then retry; failing that, make a new key with "insigne keys rotate".',
  },
  signing_key_of_another_issuer: {
    fr: "Ce badge nomme la clé d'une autre structure : rien n'est signé. Quelqu'un a changé la base. Gardez les journaux, lancez « insigne check », puis relancez.",
    en: 'This badge names the key of another structure: nothing is signed. Somebody changed the database. Keep the logs, run "insigne check", then retry.',
  },
  worker_lost: {
    fr: "Le worker s'est arrêté plusieurs fois pendant cette signature. Vérifiez la mémoire de la machine et le journal du worker, puis relancez.",
    en: 'The worker ended several times while signing this. Check the memory of the machine and the worker’s log, then retry.',
  },
  signing_failed: {
    fr: "La signature a échoué sur une erreur inattendue. Le journal du worker la décrit sous l'identifiant de ce lot. Corrigez la cause, puis relancez.",
    en: "Signing failed on an unexpected error. The worker's log describes it under the id of this batch. Mend the cause, then retry.",
  },
};

/** The reason of a dead letter in words for people; an unknown code is told as `signing_failed`. */
export function explain(code: string): SigningFailure {
  return { code, detail: explanations[code] ?? explanations.signing_failed! };
}

const waits: [RegExp, Required<Text>][] = [
  [
    /(^| )badge_awaited$/,
    {
      fr: 'Ce badge repose sur un autre badge de la même personne, qui attend encore sa signature. Il suit de lui-même dès que celui-là est signé.',
      en: 'This badge stands on another badge of the same person that still waits for its signature. It follows by itself once that one is signed.',
    },
  ],
  [
    /(^| )key_service_unavailable$/,
    {
      fr: 'Le service de clés ne répond pas, ou pas comme il faut. La signature reprend seule dès son retour ; s’il tarde, le journal du worker dit ce qu’il a répondu.',
      en: 'The key service does not answer, or not as it should. Signing goes on by itself once it is back; if that takes long, the worker’s log says what it answered.',
    },
  ],
  [
    /(^| )key_service_credentials_refused$/,
    {
      fr: "Le service de clés refuse les identifiants du worker : ils sont faux, expirés ou sans les droits qu'il faut, ou l'heure de la machine est fausse. Cela ne passe pas tout seul : donnez-en de valables, et redémarrez le worker s'ils sont dans des variables ; ce qui attend se signe alors.",
      en: 'The key service refuses the worker’s credentials: they are wrong, expired or without the rights it takes, or the clock of the machine is wrong. This does not pass by itself: give valid ones, and restart the worker if they are in variables; what waits is signed then.',
    },
  ],
  [
    /(^| )key_service_pin_refused$/,
    {
      fr: "Le jeton refuse le code PIN du worker, qui ne le présente plus : trop d'essais verrouillent un jeton. Corrigez le fichier que nomme pin-source, déverrouillez le jeton au besoin, puis redémarrez le worker ; ce qui attend se signe alors.",
      en: 'The token refuses the worker’s PIN, which is not offered again: too many tries lock a token. Correct the file that pin-source names, unlock the token if need be, then restart the worker; what waits is signed then.',
    },
  ],
  [
    /(^| )archive_unavailable$/,
    {
      fr: "Le dossier de l'archive ne se laisse pas écrire. Il est plein, absent ou fermé à ce compte. Rendez-le au worker (INSIGNE_ARCHIVE_FOLDER) ; la signature reprend seule.",
      en: 'The archive folder cannot be written. It is full, missing or closed to this account. Give it back to the worker (INSIGNE_ARCHIVE_FOLDER); signing goes on by itself.',
    },
  ],
  [
    /(^| )clock_drift$/,
    {
      fr: "L'horloge d'un worker et celle de la base ne concordent pas. Réglez l'heure de la machine ; la signature reprend seule.",
      en: 'The clocks of a worker and of the database differ. Set the time of the machine; signing goes on by itself.',
    },
  ],
  [
    /(^| )(EDQUOT|EIO|ENODEV|ENOENT|ENOSPC|ENOTCONN|ENXIO|EROFS|ESTALE|53100)$/,
    {
      fr: 'Le disque est plein, absent ou en lecture seule (archive ou base). Faites de la place ou rebranchez-le ; la signature reprend seule.',
      en: 'A disk is full, missing or read-only (archive or database). Make room or bring it back; signing goes on by itself.',
    },
  ],
  [
    /(^| )(08|53|57P|58|25006)[0-9A-Z]*$|(^| )E[A-Z_]+$/,
    {
      fr: 'La base de données ou un service ne répondait pas. La signature reprend seule.',
      en: 'The database or a service did not answer. Signing goes on by itself.',
    },
  ],
];

/**
 * Why a batch waits, of the last error that was recorded of it (`outbox.last_error`), in words for people.
 * @returns undefined for an error that nothing more is known of
 */
export const explainWaiting = (lastError: string): Required<Text> | undefined =>
  waits.find(([errors]) => errors.test(lastError))?.[1] ??
  explanations[lastError.slice(lastError.lastIndexOf(' ') + 1)];

/**
 * Decides what becomes of a batch whose signing threw (SAFETY T-12). What passes by itself is tried again without
 * end. Of a batch of several, each credential goes on in a row of its own, so that a poisonous one holds up nobody.
 * What failed five times becomes a dead letter with a reason.
 */
export class SettleSigningFailure {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
  ) {}

  async run(outboxId: string, error: unknown): Promise<FailureOutcome> {
    // Never the message: a parser's quotes what it could not read.
    const told = `${(error as Error).name} ${codeOfError(error)}`.trim().slice(0, 200);
    if (isPassing(error)) {
      await this.database.query('update outbox set last_error = $2 where id = $1', [outboxId, told]);
      return 'again';
    }
    const { outcome, apart } = await this.database.transaction((tx) => settle(tx, outboxId, error, told));
    await this.queue.enqueue(apart);
    return outcome;
  }
}

interface Settled {
  outcome: FailureOutcome;
  apart: string[];
}

async function settle(tx: EntityManager, outboxId: string, error: unknown, told: string): Promise<Settled> {
  const [[row]] = (await tx.query(
    `update outbox set failures = failures + 1, last_error = $2
     where id = $1 and done_at is null and failed_at is null returning organisation_id, failures`,
    [outboxId, told],
  )) as [{ organisation_id: string; failures: number }[], number];
  if (!row) return { outcome: 'over', apart: [] };
  const planned: { id: string }[] = await tx.query(
    `select id from credential where outbox_id = $1 and state = 'planned' order by id for update`,
    [outboxId],
  );
  // A key that does not open fails every credential of its issuer: alone they would fare no better.
  const isOfAll = error instanceof DomainError && !(error instanceof WorkerLost);
  if (planned.length > 1 && !isOfAll) return { outcome: 'apart', apart: await split(tx, outboxId, planned) };
  if (row.failures < attemptsLimit) return { outcome: 'again', apart: [] };
  const failure = explain(error instanceof DomainError ? error.code : 'signing_failed');
  await tx.query('update outbox set failed_at = now(), failure = $2 where id = $1', [
    outboxId,
    JSON.stringify(failure),
  ]);
  await appendAudit(tx, [
    {
      actor: 'worker',
      action: 'signing.failed',
      subject: {
        outboxId,
        organisationId: row.organisation_id,
        code: failure.code,
        credentials: planned.length,
      },
    },
  ]);
  return { outcome: 'dead', apart: [] };
}

/** Gives each credential an outbox row of its own that keeps the place and the failures of the common one. */
async function split(tx: EntityManager, outboxId: string, credentials: { id: string }[]): Promise<string[]> {
  const ids = credentials.map(() => uuid());
  await tx.query(
    `insert into outbox (id, topic, organisation_id, priority, turn, created_at, failures, last_error)
     select t.id, o.topic, o.organisation_id, o.priority, o.turn, o.created_at, o.failures, o.last_error
     from outbox o cross join unnest($2::uuid[]) as t (id) where o.id = $1`,
    [outboxId, ids],
  );
  await tx.query(
    `update credential c set outbox_id = t.outbox from unnest($1::uuid[], $2::uuid[]) as t (id, outbox) where c.id = t.id`,
    [credentials.map((c) => c.id), ids],
  );
  await tx.query('update outbox set done_at = now() where id = $1', [outboxId]);
  return ids;
}
