import { age, counted, type Language, type Text } from '#platform';
import type { IssuanceOperations } from './operations-reader.js';
import { explainWaiting } from './signing-failure.js';

/** One sentence about where issuance stands, and what to do about it. */
export interface Told {
  sentence: Required<Text>;
  /** Undefined when there is nothing to do. */
  remedy?: Required<Text>;
}

/** Why somebody is needed. */
export type CauseCode =
  | 'no_worker'
  | 'worker_warning'
  | 'list_late'
  | 'queue_away'
  | 'nothing_signed'
  | 'room_late'
  | 'error_stands'
  | 'decisions';

const both = (told: (language: Language) => string): Required<Text> => ({ fr: told('fr'), en: told('en') });

const things = {
  badge: { fr: ['{n} badge', '{n} badges'], en: ['{n} badge', '{n} badges'] },
  endorsement: {
    fr: ['{n} recommandation', '{n} recommandations'],
    en: ['{n} endorsement', '{n} endorsements'],
  },
  record: { fr: ['{n} réunion de badges', '{n} réunions de badges'], en: ['{n} record', '{n} records'] },
  credential: {
    fr: ['{n} attestation (VC-API)', '{n} attestations (VC-API)'],
    en: ['{n} credential (VC-API)', '{n} credentials (VC-API)'],
  },
  change: {
    fr: ["{n} changement d'état", "{n} changements d'état"],
    en: ['{n} change of status', '{n} changes of status'],
  },
  batch: { fr: ['{n} lot', '{n} lots'], en: ['{n} batch', '{n} batches'] },
};

/** What waits to be signed, each kind with its number: « 8 badges, 1 recommandation ». */
export function waitingInWords(operations: IssuanceOperations, language: Language): string {
  const { waitingCredentials, waitingStatements, statusChangesWaiting } = operations;
  const others = [
    [things.endorsement, waitingStatements.endorsement],
    [things.record, waitingStatements.record],
    [things.credential, waitingStatements.credential],
    [things.change, statusChangesWaiting],
  ] as const;
  const told = others
    .filter(([, count]) => count > 0)
    .map(([what, count]) => counted(what[language], count, language));
  return waitingCredentials > 0 || told.length === 0
    ? [counted(things.badge[language], waitingCredentials, language), ...told].join(', ')
    : told.join(', ');
}

/** Nothing waits, and somebody would sign. */
export const well: Told = {
  sentence: { fr: "Tout va bien\u00a0: rien n'attend.", en: 'All is well: nothing waits.' },
};

/** Work waits and moves. */
export const underWay = (operations: IssuanceOperations): Told => {
  const seconds = Math.max(operations.oldestWaitingSeconds, operations.oldestStatusChangeSeconds);
  return {
    sentence: both((language) =>
      (language === 'fr'
        ? 'En cours\u00a0: {waiting} en attente, depuis {age} au plus.'
        : 'Under way: {waiting} waiting, for {age} at most.'
      )
        .replace('{waiting}', waitingInWords(operations, language))
        .replace('{age}', age(seconds, language)),
    ),
  };
};

const readLog: Required<Text> = {
  fr: 'Lisez worker.log, qui dit pourquoi, et corrigez la cause\u00a0; la signature reprend seule.',
  en: 'Read worker.log, which says why, and mend the cause; signing goes on by itself.',
};

/** An error in words; one that nothing is known of by its name, with where to read more. */
const errorInWords = (error: string | undefined): Required<Text> => {
  if (error === undefined) return readLog;
  return (
    explainWaiting(error) ?? {
      fr: `Dernière erreur\u00a0: ${error}. ${readLog.fr}`,
      en: `Last error: ${error}. ${readLog.en}`,
    }
  );
};

/** A warning of a worker (`worker_heartbeat.warning`) in words: what is wrong, and what to do. */
export function warningInWords(warning: string): Required<Told> {
  const [code, ...rest] = warning.split(' ');
  if (code === 'list_not_signed')
    return {
      sentence: {
        fr: 'Un worker ne parvient plus à signer une liste d’état.',
        en: 'A worker no longer manages to sign a status list.',
      },
      remedy: errorInWords(rest.length > 0 ? rest.join(' ') : undefined),
    };
  return (
    warnings[warning] ?? {
      sentence: { fr: `Un worker signale\u00a0: ${warning}.`, en: `A worker reports: ${warning}.` },
      remedy: readLog,
    }
  );
}

const warnings: Record<string, Required<Told>> = {
  clock_drift: {
    sentence: {
      fr: "L'horloge d'un worker n'est pas celle de la base\u00a0: il ne signe rien.",
      en: 'The clock of a worker is not that of the database: it signs nothing.',
    },
    remedy: {
      fr: "Réglez l'heure de sa machine\u00a0; il reprend seul.",
      en: 'Set the time of its machine; it goes on by itself.',
    },
  },
  queue_may_forget: {
    sentence: {
      fr: 'Redis peut effacer des travaux en attente.',
      en: 'Redis may throw waiting jobs away.',
    },
    remedy: {
      fr: 'Réglez «\u00a0maxmemory-policy noeviction\u00a0» dans sa configuration.',
      en: 'Set "maxmemory-policy noeviction" in its configuration.',
    },
  },
};

/** A cause in words, with its way out. */
export function causeInWords(
  { code, seconds = 0, detail }: { code: CauseCode; seconds?: number; detail?: string },
  operations: IssuanceOperations,
): Required<Told> {
  const since = (language: Language): string => age(seconds, language);
  switch (code) {
    case 'no_worker':
      return noWorker(operations);
    case 'worker_warning':
      return warningInWords(detail ?? '');
    case 'list_late':
      return {
        sentence: both((language) =>
          counted(lateChanges[language], operations.statusChangesWaiting, language).replace(
            '{age}',
            since(language),
          ),
        ),
        remedy: listRemedy(operations),
      };
    case 'queue_away':
      return {
        sentence: {
          fr: "La file d'attente ne répond pas\u00a0: aucun badge n'est signé.",
          en: 'The queue does not answer: no badge is signed.',
        },
        remedy: {
          fr: "Vérifiez qu'elle tourne (REDIS_URL)\u00a0; ce qui est promis sera signé à son retour.",
          en: 'Check that it runs (REDIS_URL); what is promised will be signed when it is back.',
        },
      };
    case 'nothing_signed':
      return {
        sentence: both((language) =>
          (language === 'fr'
            ? "{waiting} en attente, et rien n'a été signé depuis {age}."
            : '{waiting} waiting, and nothing has been signed for {age}.'
          )
            .replace('{waiting}', waitingInWords(operations, language))
            .replace('{age}', since(language)),
        ),
        remedy: errorInWords(detail),
      };
    case 'room_late':
      return {
        sentence: {
          fr: `Un petit lot attend sa signature depuis ${since('fr')}\u00a0; une minute au plus est promise.`,
          en: `A small batch has been waiting for its signature for ${since('en')}; a minute at most is promised.`,
        },
        remedy: detail === undefined ? overloaded : errorInWords(detail),
      };
    case 'error_stands':
      return {
        sentence: both((language) => heldUp(operations, detail, language)),
        remedy: errorInWords(detail),
      };
    case 'decisions':
      return {
        sentence: both((language) =>
          counted(decisions[language], operations.deadLetterCount + operations.refusedCount, language),
        ),
        remedy: {
          fr: 'Chacune est dite plus bas, avec sa raison.',
          en: 'Each is told further down, with its reason.',
        },
      };
  }
}

const noWorker = (operations: IssuanceOperations): Required<Told> =>
  operations.waitingBatches > 0 || operations.statusListsWaiting > 0
    ? {
        sentence: {
          fr: "Aucun worker n'a donné signe de vie depuis 30 secondes\u00a0: rien ne peut être signé.",
          en: 'No worker has shown itself for 30 seconds: nothing can be signed.',
        },
        remedy: {
          fr: "Vérifiez qu'il tourne et que la base a de la place, puis lisez worker.log.",
          en: 'Check that it runs and that the database has room, then read worker.log.',
        },
      }
    : {
        sentence: {
          fr: "Rien n'attend, mais aucun worker ne tourne\u00a0: le prochain badge ne serait pas signé.",
          en: 'Nothing waits, but no worker runs: the next badge would not be signed.',
        },
        remedy: { fr: 'Lancez-le et lisez worker.log.', en: 'Start it and read worker.log.' },
      };

const lateChanges = {
  fr: [
    "Un changement d'état (retrait, suspension) n'est pas signé depuis {age}\u00a0: qui vérifie ce badge lit encore son ancien état.",
    "{n} changements d'état (retraits, suspensions) ne sont pas signés depuis {age}\u00a0: qui vérifie ces badges lit encore leur ancien état.",
  ],
  en: [
    'A change of status (revocation, suspension) has not been signed for {age}: whoever verifies that badge still reads its earlier state.',
    '{n} changes of status (revocations, suspensions) have not been signed for {age}: whoever verifies those badges still reads their earlier state.',
  ],
};

/** Why, as a worker says it of its lists, else as the badges beside them tell it. */
function listRemedy({ workers, standingErrors }: IssuanceOperations): Required<Text> {
  const warning = workers.find(
    (worker) => worker.isAlive && worker.warning?.startsWith('list_not_signed'),
  )?.warning;
  return warning ? warningInWords(warning).remedy : errorInWords(standingErrors[0]?.error);
}

const overloaded: Required<Text> = {
  fr: 'Lisez worker.log\u00a0; si le worker a trop à faire, lancez-en un de plus (docs/scaling.md).',
  en: 'Read worker.log; if the worker has too much to do, start one more (docs/scaling.md).',
};

const heldUp = (
  { standingErrors }: IssuanceOperations,
  error: string | undefined,
  language: Language,
): string => {
  const batches = standingErrors.find((one) => one.error === error)?.batches ?? 0;
  const told = counted(things.batch[language], batches, language);
  return language === 'fr' ? `Une erreur retient ${told}.` : `An error holds up ${told}.`;
};

const decisions = {
  fr: ['{n} décision vous attend.', '{n} décisions vous attendent.'],
  en: ['{n} decision for you.', '{n} decisions for you.'],
};
