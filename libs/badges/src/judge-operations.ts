import type { IssuanceOperations } from './operations-reader.js';
import {
  type CauseCode,
  causeInWords,
  type Told,
  underWay,
  warningInWords,
  well,
} from './operations-sentences.js';
import { promisedSeconds } from './operations-waits.js';

/** `well`: nothing waits. `busy`: work waits and moves. `attention`: somebody is needed. */
export type OperationsState = 'well' | 'busy' | 'attention';

/** Why somebody is needed, with the way out. */
export interface OperationsCause extends Told {
  code: CauseCode;
  /** Since when, in seconds; absent where it is not known. */
  seconds?: number;
  /** Of `worker_warning` the warning, else name and code of the error behind it, where there is one. */
  detail?: string;
}

export interface OperationsJudgement extends Told {
  state: OperationsState;
  /** The most important first; empty unless somebody is needed. `sentence` and `remedy` are those of the first. */
  causes: OperationsCause[];
}

/** The causes in the order in which people are told of them: what hides or causes the others, and what harms most, first. */
const order = [
  'no_worker',
  'clock_drift',
  'list_late',
  'queue_away',
  'nothing_signed',
  'room_late',
  'error_stands',
  'worker_warning',
  'decisions',
];
const rank = ({ code, detail }: OperationsCause): number =>
  order.indexOf(detail === 'clock_drift' ? detail : code);

// What is tried without end and never heals by itself: waiting for a minute would tell nothing more.
const needsPerson = /(^| )key_service_(pin|credentials)_refused$/;

/**
 * Is all well, is work under way, or is somebody needed? The one judgement that the operators' page and `insigne queue`
 * show: work that moves is never alarming, and nothing is well that has waited longer than is promised. Pure.
 * @param jobs jobs by state as the queue knows them; undefined when it does not answer
 */
export function judgeOperations(
  operations: IssuanceOperations,
  jobs: Record<string, number> | undefined,
): OperationsJudgement {
  const causes = [
    ...ofWorkers(operations),
    ...ofLists(operations),
    ...(jobs === undefined ? [cause({ code: 'queue_away' }, operations)] : []),
    ...ofWaits(operations),
    ...(operations.deadLetterCount + operations.refusedCount > 0
      ? [cause({ code: 'decisions' }, operations)]
      : []),
  ].sort((a, b) => rank(a) - rank(b));
  const [first] = causes;
  if (first) return { state: 'attention', causes, sentence: first.sentence, remedy: first.remedy };
  return isWaiting(operations)
    ? { state: 'busy', causes, ...underWay(operations) }
    : { state: 'well', causes, ...well };
}

const isWaiting = ({ waitingBatches, statusListsWaiting }: IssuanceOperations): boolean =>
  waitingBatches > 0 || statusListsWaiting > 0;

const cause = (
  one: Pick<OperationsCause, 'code' | 'seconds' | 'detail'>,
  operations: IssuanceOperations,
): OperationsCause => ({ ...one, ...causeInWords(one, operations) });

function ofWorkers(operations: IssuanceOperations): OperationsCause[] {
  const alive = operations.workers.filter(({ isAlive }) => isAlive);
  if (alive.length === 0) return [cause({ code: 'no_worker' }, operations)];
  const warnings = new Set(alive.flatMap(({ warning }) => (warning === null ? [] : [warning])));
  return [...warnings].map((detail) => ({ code: 'worker_warning', detail, ...warningInWords(detail) }));
}

function ofLists(operations: IssuanceOperations): OperationsCause[] {
  const { oldestStatusChangeSeconds: seconds } = operations;
  return seconds > promisedSeconds ? [cause({ code: 'list_late', seconds }, operations)] : [];
}

function ofWaits(operations: IssuanceOperations): OperationsCause[] {
  const { unsignedSeconds, oldestRoomSeconds, standingErrors } = operations;
  const standing = standingErrors.filter(
    ({ error, heldSeconds }) => heldSeconds > promisedSeconds || needsPerson.test(error),
  );
  const detail = standing[0]?.error ?? standingErrors[0]?.error;
  const known = detail === undefined ? {} : { detail };
  return [
    ...(unsignedSeconds > promisedSeconds
      ? [cause({ code: 'nothing_signed', seconds: unsignedSeconds, ...known }, operations)]
      : []),
    ...(oldestRoomSeconds > promisedSeconds
      ? [cause({ code: 'room_late', seconds: oldestRoomSeconds, ...known }, operations)]
      : []),
    ...standing.map(({ error, heldSeconds }) =>
      cause({ code: 'error_stands', seconds: heldSeconds, detail: error }, operations),
    ),
  ];
}
