import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DeadLetter,
  explainWaiting,
  type IssuanceOperations,
  judgeOperations,
  type OperationsJudgement,
  OperationsReader,
  RetryIssuance,
  waitingInWords,
} from '#badges';
import { counted, type Text, textIn } from '#platform';
import { onInstance, organisationOf } from './command.js';
import { terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const watchEveryMs = 2_000;

/** `insigne queue`: what waits, runs and failed. @returns the exit code */
export const overview = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const reader = new OperationsReader(service.database);
    for (;;) {
      const [operations, jobs] = [await reader.read(), await service.queue.countsNow()];
      const judgement = judgeOperations(operations, jobs);
      if (values.json) console.log(JSON.stringify({ judgement, ...operations, jobs: jobs ?? null }, null, 2));
      else console.log([...toldFirst(judgement), ...overviewOf(operations, jobs)].join('\n'));
      if (!values.watch) return 0;
      await sleep(watchEveryMs);
      if (!values.json) console.log('');
    }
  });

/** `insigne queue show ID`: one dead letter. @returns the exit code */
export const show = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals }) => {
    const id = positionals[0]!;
    const letter = await new OperationsReader(service.database).letter(id);
    if (!letter) {
      console.error(
        terminalLanguage() === 'fr'
          ? `Rien n'attend de décision sous l'identifiant ${id}.`
          : `Nothing waits for a decision under the id ${id}.`,
      );
      return 1;
    }
    console.log(values.json ? JSON.stringify(letter, null, 2) : toldLetter(letter).join('\n'));
    if (!values.json) for (const credentialId of letter.credentialIds) console.log(`  ${credentialId}`);
    return 0;
  });

/** `insigne queue retry …`: puts dead letters back. @returns the exit code */
export const retry = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: ids }) => {
    const choice =
      ids.length > 0
        ? { ids }
        : values.all
          ? ('all' as const)
          : { organisationId: (await organisationOf(service, values.organisation)).id };
    const { batches, credentials } = await new RetryIssuance(service.database, service.queue).run(
      choice,
      actorIn({ values }),
    );
    console.log(
      terminalLanguage() === 'fr'
        ? `Relancés : ${told('batch', batches)} et ${told('refusal', credentials)}.`
        : `Put back: ${told('batch', batches)} and ${told('refusal', credentials)}.`,
    );
    return batches + credentials > 0 ? 0 : 1;
  });

/** What the operators' page shows on top: the sentence, and the way out when somebody is needed. */
const toldFirst = ({ state, sentence, remedy }: OperationsJudgement): string[] => [
  `${state === 'attention' ? '! ' : ''}${textIn(sentence, terminalLanguage())}`,
  ...(remedy ? [`  ${textIn(remedy, terminalLanguage())}`] : []),
];

const things = {
  batch: { fr: ['{n} lot', '{n} lots'], en: ['{n} batch', '{n} batches'] },
  refusal: { fr: ['{n} refus', '{n} refus'], en: ['{n} refusal', '{n} refusals'] },
  badge: {
    fr: ['{n} badge en attente', '{n} badges en attente'],
    en: ['{n} badge waiting', '{n} badges waiting'],
  },
  other: {
    fr: ['{n} d’une autre sorte', '{n} d’autres sortes'],
    en: ['{n} of another kind', '{n} of other kinds'],
  },
};

const told = (thing: keyof typeof things, count: number): string =>
  counted(things[thing][terminalLanguage()], count, terminalLanguage());

function overviewOf(operations: IssuanceOperations, jobs: Record<string, number> | undefined): string[] {
  const isFrench = terminalLanguage() === 'fr';
  const alive = operations.workers.filter((worker) => worker.isAlive);
  const age = operations.oldestWaitingSeconds;
  // A change of status is in no batch: the lists to sign are told by themselves.
  const signatures = waitingInWords({ ...operations, statusChangesWaiting: 0 }, terminalLanguage());
  const waiting = `${signatures} (${told('batch', operations.waitingBatches)})`;
  const running = jobs ? told('batch', jobs.active ?? 0) : '?';
  const toDecide = `${told('batch', operations.deadLetterCount)}, ${told('refusal', operations.refusedCount)}`;
  return [
    isFrench
      ? `en attente ${waiting}, depuis ${age} s · en cours ${running} · à décider ${toDecide}`
      : `waiting ${waiting}, for ${age} s · running ${running} · to decide ${toDecide}`,
    isFrench
      ? `workers ${alive.length} · moteur ${alive[0]?.engine ?? '?'} · listes d'état à signer ${operations.statusListsWaiting} · dernière ronde ${operations.lastSweep?.at ?? '-'}`
      : `workers ${alive.length} · engine ${alive[0]?.engine ?? '?'} · status lists to sign ${operations.statusListsWaiting} · last sweep ${operations.lastSweep?.at ?? '-'}`,
    ...operations.organisations.map(
      ({ slug, credentials, statements, lastError }) =>
        `  ${slug}\t${told('badge', credentials)}${statements > 0 ? `, ${told('other', statements)}` : ''}${lastError ? `\n    ${cause(lastError)}` : ''}`,
    ),
    ...operations.letters.flatMap(toldLetter),
  ];
}

const cause = (lastError: string): string => {
  const told = explainWaiting(lastError);
  return told ? textIn(told, terminalLanguage()) : lastError;
};

const statementNames: Record<DeadLetter['statements'][number], Text> = {
  credential: { fr: 'attestation (VC-API)', en: 'credential (VC-API)' },
  endorsement: { fr: 'recommandation', en: 'endorsement' },
  record: { fr: 'réunion de badges', en: 'record' },
};

const toldLetter = (letter: DeadLetter): string[] => [
  [
    letter.id,
    letter.organisation.slug,
    [
      ...letter.badges,
      ...letter.statements.map((kind) => textIn(statementNames[kind], terminalLanguage())),
    ].join(','),
    letter.credentials,
    letter.code,
  ].join('\t'),
  `  ${textIn(letter.detail, terminalLanguage())}${letter.lastError ? ` (${letter.lastError})` : ''}`,
];
