import type { VNode } from 'preact';
import { explainWaiting, judgeOperations, type OperationsJudgement, warningInWords } from '#badges';
import { age, counted, type Language, number } from '#platform';
import { Icon } from '../pages/icons.js';
import { Facts, Name, PageHead, Section } from '../pages/parts.js';
import { longTime } from '../pages/wording.js';
import { HoursPicture } from './hours-picture.js';
import { Letters } from './letters-section.js';
import { operationsWords, unbroken } from './operations-texts.js';
import { decisionsOf, type Frame, type OperationsPageView } from './page-view.js';

/** The whole page. */
export function OperationsPage({ view, language }: { view: OperationsPageView; language: Language }): VNode {
  const words = operationsWords(language);
  const frame = { view, words, language };
  const { operations } = view;
  const judgement = judgeOperations(operations, view.jobs);
  const isOnTop = (told: string): boolean => told === judgement.remedy?.[language];
  return (
    <article>
      <link rel="stylesheet" href="/operations/style.css" />
      <PageHead kind={words.kind} title={words.title}>
        <State judgement={judgement} language={language} />
        <Controls {...frame} />
      </PageHead>
      {view.retried !== undefined && (
        <p class="notice" role="status">
          <Icon name="info" />
          <span>
            {view.retried === 0 ? words.retriedNone : counted(words.retried, view.retried, language)}
          </span>
        </p>
      )}
      <Figures {...frame} />
      <Section title={words.lettersTitle}>
        <Letters {...frame} />
      </Section>
      <Section title={words.structures}>
        <Organisations {...frame} isOnTop={isOnTop} />
      </Section>
      <Section title={words.hours}>
        <HoursPicture hours={operations.issuedPerHour} words={words} language={language} />
      </Section>
      <Section title={words.workers}>
        <Workers {...frame} isOnTop={isOnTop} />
      </Section>
      <Section title={words.engine}>
        <Engine {...frame} />
      </Section>
    </article>
  );
}

/** Endorsements, records and credentials of the VC-API that wait, each kind with its number. */
const othersTold = ({ view, words, language }: Frame): string[] =>
  (Object.keys(words.statements) as (keyof typeof words.statements)[])
    .map((kind) => [words.statements[kind], view.operations.waitingStatements[kind]] as const)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => counted(what, count, language));

const looks = {
  well: { icon: 'tick', style: 'ops-good' },
  busy: { icon: 'working', style: 'ops-busy' },
  attention: { icon: 'alarm', style: 'ops-attention' },
} as const;

/** A part of the page that does not say again at length what the first sentence says: the cause and the way out. */
interface BelowFrame extends Frame {
  isOnTop(told: string): boolean;
}

/** Whether all is well, as `judgeOperations` finds: a picture, a sentence and the way out. */
function State({ judgement, language }: { judgement: OperationsJudgement; language: Language }): VNode {
  const { state, sentence, remedy } = judgement;
  const { icon, style } = looks[state];
  return (
    <p class={`ops-state ${style}`}>
      <Icon name={icon} />
      <span>
        <strong>{sentence[language]}</strong>
        {remedy && (
          <>
            {' '}
            <span class="ops-remedy">{unbroken(remedy[language])}</span>
          </>
        )}
      </span>
    </p>
  );
}

function Controls({ view, words, language }: Frame): VNode {
  const lang = `lang=${language}`;
  return (
    <div class="ops-controls">
      <a class="action" href={view.isLive ? `/operations?${lang}&live=1` : `/operations?${lang}`}>
        {words.reload}
      </a>
      <a class="action" href={view.isLive ? `/operations?${lang}` : `/operations?${lang}&live=1`}>
        {view.isLive ? words.liveOff : words.live}
      </a>
      <form method="post" action={`/operations/leave?${lang}`}>
        <input type="hidden" name="csrf" value={view.csrf} />
        <button class="ops-link" type="submit">
          {words.leave}
        </button>
      </form>
      <span class="quiet">{words.taken.replace('{time}', longTime(view.operations.takenAt, language))}</span>
    </div>
  );
}

function Figures(frame: Frame): VNode {
  const { words, language } = frame;
  const { operations, jobs } = frame.view;
  const others = Object.values(operations.waitingStatements).reduce((sum, one) => sum + one, 0);
  const figures: [string, string, string?][] = [
    [
      words.waiting,
      number(operations.waitingCredentials, language),
      operations.waitingBatches > 0 ? counted(words.batches, operations.waitingBatches, language) : undefined,
    ],
    ...(others > 0
      ? [[words.others, number(others, language), othersTold(frame).join(', ')] as [string, string, string]]
      : []),
    ...(operations.statusChangesWaiting > 0
      ? [
          [
            words.changes,
            number(operations.statusChangesWaiting, language),
            words.forAge.replace('{age}', age(operations.oldestStatusChangeSeconds, language)),
          ] as [string, string, string],
        ]
      : []),
    [words.running, jobs ? number(jobs.active ?? 0, language) : words.unknown],
    [words.oldest, operations.waitingBatches === 0 ? '–' : age(operations.oldestWaitingSeconds, language)],
    [words.decisions, number(decisionsOf(operations), language)],
  ];
  return (
    <dl class="ops-figures">
      {figures.map(([term, value, more]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>
            {value}
            {more && <small>{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function cause(lastError: string, { words, language, isOnTop }: BelowFrame): string {
  const told = explainWaiting(lastError)?.[language];
  if (told === undefined) return lastError;
  return isOnTop(told) ? words.toldOnTop : unbroken(told);
}

function Organisations(frame: BelowFrame): VNode {
  const { view, words, language } = frame;
  const rows = view.operations.organisations;
  if (rows.length === 0) return <p>{words.noStructures}</p>;
  return (
    <table class="ops-table">
      <thead>
        <tr>
          <th scope="col">{words.structure}</th>
          <th scope="col" class="ops-number">
            {words.toSign}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.slug}>
            <th scope="row">
              <Name>{row.publicName}</Name>
              {row.lastError && <p class="warning">{cause(row.lastError, frame)}</p>}
            </th>
            <td class="ops-number">{number(row.credentials + row.statements, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Workers({ view: { operations }, words, language, isOnTop }: BelowFrame): VNode {
  if (operations.workers.length === 0) return <p>{words.noWorkers}</p>;
  const now = Date.parse(operations.takenAt);
  return (
    <ul class="ops-workers">
      {operations.workers.map((worker) => (
        <li key={worker.id}>
          <p>
            <span class={worker.isAlive ? 'ops-dot ops-dot-alive' : 'ops-dot'} />
            <strong>{worker.isAlive ? words.isAlive : words.isGone}</strong>,{' '}
            {words.seen.replace('{age}', age((now - Date.parse(worker.seenAt)) / 1000, language))},{' '}
            {counted(words.signed, worker.signed, language)}
          </p>
          <p class="quiet">
            {words.startedAt.replace('{time}', longTime(worker.startedAt, language))},{' '}
            {words.version.replace('{version}', worker.version)}, {worker.id.slice(-6)}
          </p>
          {worker.isAlive && worker.warning && (
            <Warning warning={worker.warning} language={language} isOnTop={isOnTop} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Warning({
  warning,
  language,
  isOnTop,
}: { warning: string } & Pick<BelowFrame, 'language' | 'isOnTop'>): VNode {
  const { sentence, remedy } = warningInWords(warning);
  return (
    <p class="warning">
      {sentence[language]}
      {!isOnTop(remedy[language]) && ` ${unbroken(remedy[language])}`}
    </p>
  );
}

function Engine({ view, words, language }: Frame): VNode {
  const { operations, jobs, engine } = view;
  const told = (name: string): string => number(jobs?.[name] ?? 0, language);
  const waiting = number((jobs?.waiting ?? 0) + (jobs?.prioritized ?? 0), language);
  return (
    <Facts
      facts={[
        [words.queueEngine, jobs ? words.engines[engine] : `${words.engines[engine]}, ${words.queueAway}`],
        [
          words.jobs,
          jobs &&
            words.jobsTold
              .replace('{waiting}', waiting)
              .replace('{active}', told('active'))
              .replace('{delayed}', told('delayed')),
        ],
        [
          words.lastSweep,
          operations.lastSweep
            ? words.sweepTold
                .replace('{time}', longTime(operations.lastSweep.at, language))
                .replace('{n}', number(operations.lastSweep.enqueued, language))
            : words.noSweep,
        ],
        [words.lists, number(operations.statusListsWaiting, language)],
      ]}
    />
  );
}
