import type { Language } from '#platform';

const fr = {
  title: 'Délivrance des badges',
  kind: 'Exploitation',
  calm: "Tout va bien : rien n'attend.",
  busy: 'Tout va bien : {badges} en attente, depuis {age} au plus.',
  stuck:
    "Aucun worker n'a donné signe de vie depuis 30 secondes : rien ne peut être signé. Vérifiez qu'il tourne et lisez worker.log.",
  idle: "Rien n'attend, mais aucun worker ne tourne : le prochain badge ne serait pas signé. Lancez-le et lisez worker.log.",
  decide: '{count} vous attendent.',
  thing: ['{n} décision', '{n} décisions'],
  badges: ['{n} badge', '{n} badges'],
  statements: {
    endorsement: ['{n} recommandation', '{n} recommandations'],
    record: ['{n} réunion de badges', '{n} réunions de badges'],
    credential: ['{n} attestation (VC-API)', '{n} attestations (VC-API)'],
  },
  batches: ['en {n} lot', 'en {n} lots'],
  waiting: 'Badges en attente',
  others: 'Autres signatures en attente',
  toSign: 'À signer',
  oldest: 'Attente la plus longue',
  running: 'Lots en cours',
  unknown: 'inconnu',
  decisions: 'À décider',
  lettersTitle: 'Ce qui attend une décision',
  noLetters:
    "Rien. Ce qui est refusé, ou n'a pas pu être signé cinq fois de suite, apparaîtra ici avec sa raison.",
  lettersHow: 'Corrigez la cause, puis relancez. Relancer deux fois ne délivre rien deux fois.',
  lettersCut: 'Les {n} plus anciens sont montrés.',
  failed: 'Échec de signature',
  refused: 'Refus avant signature',
  since: 'depuis le {time}',
  badgeCodes: 'Badges',
  reason: 'Code',
  attempts: 'Essais',
  lastError: 'Dernière erreur',
  retryOne: 'Relancer',
  retryBadges: 'Relancer ces {n} badges',
  retryStatements: 'Relancer ces {n} signatures',
  retryBatches: 'Relancer ces {n} lots',
  retryAll: 'Tout relancer ({n})',
  final: "Ne peut pas être relancé : annulez l'attribution, et refaites-la si elle est due.",
  finalStatement: 'Ne peut pas être relancé : retirez ce qui devait être signé, et demandez-le de nouveau.',
  each: 'Un par un',
  retried: ['{n} relancé.', '{n} relancés.'],
  retriedNone: "Rien à relancer : c'était déjà fait, ou la cause est définitive.",
  structures: 'En attente, par structure',
  structure: 'Structure',
  noStructures: "Aucune structure n'attend.",
  hours: 'Délivrés, heure par heure',
  hoursTotal: '{badges} en 24 heures, au plus {most} en une heure.',
  hoursNone: 'Aucun badge délivré en 24 heures.',
  hour: 'Heure',
  engine: 'Moteur',
  queueEngine: "File d'attente",
  engines: { redis: 'Redis', postgres: 'PostgreSQL' },
  queueAway: 'ne répond pas ; les attributions restent promises et seront signées à son retour',
  jobs: 'Travaux',
  jobsTold: '{waiting} en attente, {active} en cours, {delayed} à réessayer',
  lastSweep: 'Dernière ronde',
  sweepTold: '{time}, {n} remis en file',
  noSweep: 'pas encore',
  lists: "Listes d'état à signer",
  workers: 'Workers',
  noWorkers: 'Aucun worker vu depuis une heure.',
  seen: 'vu il y a {age}',
  startedAt: 'depuis le {time}',
  signed: '{badges} signés',
  version: 'version {version}',
  isAlive: 'en marche',
  isGone: 'arrêté',
  warnings: {
    queue_may_forget:
      'Redis peut effacer des travaux en attente : réglez « maxmemory-policy noeviction » dans sa configuration.',
    clock_drift: "Son horloge n'est pas celle de la base : il ne signe rien. Réglez l'heure de sa machine.",
  } as Record<string, string>,
  live: 'Actualiser toutes les 15 secondes',
  liveOff: "Arrêter l'actualisation",
  reload: 'Actualiser',
  leave: 'Quitter',
  taken: 'État du {time}.',
  enterTitle: "Entrer dans l'exploitation",
  enterText:
    "Ce lien ouvre la page d'exploitation dans ce navigateur, pour 12 heures. Il ne sert qu'une fois.",
  enterButton: 'Entrer',
  outTitle: 'Page réservée à qui exploite ce service',
  outText: "Il n'y a pas de compte ici. Sur la machine du service, tapez :",
  outThen: 'Ouvrez le lien affiché, dans les 15 minutes. Il ne sert qu’une fois.',
  outCompose:
    'Dans des conteneurs, lancez la même commande avec l’image et l’adresse de la base : le guide d’exploitation la donne.',
  outHome: "Aller à l'accueil",
  usedTitle: 'Ce lien ne sert plus',
  usedText: 'Il a déjà servi, ou il a plus de 15 minutes. Demandez-en un autre :',
  tooMany: 'Trop d’essais. Attendez une minute.',
};

export type OperationsWords = typeof fr;

const en: OperationsWords = {
  title: 'Issuing badges',
  kind: 'Operations',
  calm: 'All is well: nothing waits.',
  busy: 'All is well: {badges} waiting, for {age} at most.',
  stuck:
    'No worker has shown itself for 30 seconds: nothing can be signed. Check that it runs and read worker.log.',
  idle: 'Nothing waits, but no worker runs: the next badge would not be signed. Start it and read worker.log.',
  decide: '{count} for you.',
  thing: ['{n} decision', '{n} decisions'],
  badges: ['{n} badge', '{n} badges'],
  statements: {
    endorsement: ['{n} endorsement', '{n} endorsements'],
    record: ['{n} record', '{n} records'],
    credential: ['{n} credential (VC-API)', '{n} credentials (VC-API)'],
  },
  batches: ['in {n} batch', 'in {n} batches'],
  waiting: 'Badges waiting',
  others: 'Other signatures waiting',
  toSign: 'To sign',
  oldest: 'Longest wait',
  running: 'Batches running',
  unknown: 'unknown',
  decisions: 'To decide',
  lettersTitle: 'What waits for a decision',
  noLetters:
    'Nothing. What was refused, or could not be signed five times in a row, appears here with its reason.',
  lettersHow: 'Mend the cause, then retry. Retrying twice issues nothing twice.',
  lettersCut: 'The {n} oldest are shown.',
  failed: 'Signing failed',
  refused: 'Refused before signing',
  since: 'since {time}',
  badgeCodes: 'Badges',
  reason: 'Code',
  attempts: 'Attempts',
  lastError: 'Last error',
  retryOne: 'Retry',
  retryBadges: 'Retry these {n} badges',
  retryStatements: 'Retry these {n} signatures',
  retryBatches: 'Retry these {n} batches',
  retryAll: 'Retry all ({n})',
  final: 'Cannot be retried: cancel the award, and make another if it is due.',
  finalStatement: 'Cannot be retried: withdraw what was to be signed, and ask for it again.',
  each: 'One by one',
  retried: ['{n} put back.', '{n} put back.'],
  retriedNone: 'Nothing to retry: it was done already, or the cause is final.',
  structures: 'Waiting, by structure',
  structure: 'Structure',
  noStructures: 'No structure waits.',
  hours: 'Issued, hour by hour',
  hoursTotal: '{badges} in 24 hours, {most} in an hour at most.',
  hoursNone: 'No badge issued in 24 hours.',
  hour: 'Hour',
  engine: 'Engine',
  queueEngine: 'Queue',
  engines: { redis: 'Redis', postgres: 'PostgreSQL' },
  queueAway: 'does not answer; awards stay promised and will be signed when it is back',
  jobs: 'Jobs',
  jobsTold: '{waiting} waiting, {active} running, {delayed} to be tried again',
  lastSweep: 'Last sweep',
  sweepTold: '{time}, {n} put back in the queue',
  noSweep: 'not yet',
  lists: 'Status lists to sign',
  workers: 'Workers',
  noWorkers: 'No worker seen for an hour.',
  seen: 'seen {age} ago',
  startedAt: 'since {time}',
  signed: '{badges} signed',
  version: 'version {version}',
  isAlive: 'running',
  isGone: 'stopped',
  warnings: {
    queue_may_forget:
      'Redis may throw waiting jobs away: set "maxmemory-policy noeviction" in its configuration.',
    clock_drift: 'Its clock is not that of the database: it signs nothing. Set the time of its machine.',
  },
  live: 'Refresh every 15 seconds',
  liveOff: 'Stop refreshing',
  reload: 'Refresh',
  leave: 'Leave',
  taken: 'As of {time}.',
  enterTitle: 'Enter operations',
  enterText: 'This link opens the operations page in this browser, for 12 hours. It works once.',
  enterButton: 'Enter',
  outTitle: 'For those who run this service',
  outText: 'There are no accounts here. On the machine of the service, type:',
  outThen: 'Open the link it prints, within 15 minutes. It works once.',
  outCompose:
    'In containers, run the same command with the image and the database’s address: the operating guide tells how.',
  outHome: 'Go to the front page',
  usedTitle: 'This link no longer works',
  usedText: 'It was used already, or is older than 15 minutes. Ask for another:',
  tooMany: 'Too many tries. Wait a minute.',
};

export const operationsWords = (language: Language): OperationsWords => (language === 'fr' ? fr : en);

const numberFormats = {
  fr: new Intl.NumberFormat('fr-FR'),
  en: new Intl.NumberFormat('en-GB'),
};

/** « 1 204 », '1,204'. */
export const number = (value: number, language: Language): string => numberFormats[language].format(value);

/** One of two sentences by number (French: 0 and 1 are singular), with the number in it. */
export const counted = ([one, many]: string[], value: number, language: Language): string =>
  (value === 1 || (value === 0 && language === 'fr') ? one! : many!).replace('{n}', number(value, language));

/** Whole seconds as people say them, in the largest unit: « 12 s », « 3 min », « 2 h », « 4 j ». */
export function age(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}\u00a0s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)}\u00a0min`;
  if (whole < 172_800) return `${Math.floor(whole / 3_600)}\u00a0h`;
  return `${Math.floor(whole / 86_400)}\u00a0${language === 'fr' ? 'j' : 'd'}`;
}
