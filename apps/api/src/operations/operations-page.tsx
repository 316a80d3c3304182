import type { ComponentChildren, VNode } from 'preact';
import type { IssuanceOperations } from '#badges';
import { type Language, textIn } from '#platform';
import { Icon } from '../pages/icons.js';
import { Facts, Name, PageHead, Section } from '../pages/parts.js';
import { longTime } from '../pages/wording.js';
import { HoursPicture } from './hours-picture.js';
import { groupLetters, type LetterGroup } from './letter-groups.js';
import { age, counted, number, type OperationsWords, operationsWords } from './operations-texts.js';

export interface OperationsPageView {
  operations: IssuanceOperations;
  engine: 'redis' | 'postgres';
  /** Jobs by state as the queue knows them; undefined when it does not answer. */
  jobs: Record<string, number> | undefined;
  csrf: string;
  isLive: boolean;
  /** How many were put back by the request before, when there was one. */
  retried: number | undefined;
}

interface Frame {
  view: OperationsPageView;
  words: OperationsWords;
  language: Language;
}

export function OperationsPage({ view, language }: { view: OperationsPageView; language: Language }): VNode {
  const words = operationsWords(language);
  const frame = { view, words, language };
  const { operations } = view;
  return (
    <article>
      <link rel="stylesheet" href="/operations/style.css" />
      <PageHead kind={words.kind} title={words.title}>
        <State {...frame} />
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
        <Organisations {...frame} />
      </Section>
      <Section title={words.hours}>
        <HoursPicture hours={operations.issuedPerHour} words={words} language={language} />
      </Section>
      <Section title={words.workers}>
        <Workers {...frame} />
      </Section>
      <Section title={words.engine}>
        <Engine {...frame} />
      </Section>
    </article>
  );
}

const decisionsOf = ({ deadLetterCount, refusedCount }: IssuanceOperations): number =>
  deadLetterCount + refusedCount;

function State({ view: { operations }, words, language }: Frame): VNode {
  const decisions = decisionsOf(operations);
  const isStuck = operations.waitingBatches > 0 && !operations.workers.some((worker) => worker.isAlive);
  const isCalm = decisions === 0 && !isStuck;
  const waiting = words.busy
    .replace('{badges}', counted(words.badges, operations.waitingCredentials, language))
    .replace('{age}', age(operations.oldestWaitingSeconds, language));
  const sentence = isStuck
    ? words.stuck
    : decisions > 0
      ? words.decide.replace('{count}', counted(words.thing, decisions, language))
      : operations.waitingBatches > 0
        ? waiting
        : words.calm;
  return (
    <p class={isCalm ? 'ops-state ops-good' : 'ops-state ops-attention'}>
      <Icon name={isCalm ? 'tick' : 'info'} />
      {isCalm ? <span>{sentence}</span> : <strong>{sentence}</strong>}
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

function Figures({ view: { operations, jobs }, words, language }: Frame): VNode {
  const figures: [string, string, string?][] = [
    [
      words.waiting,
      number(operations.waitingCredentials, language),
      counted(words.batches, operations.waitingBatches, language),
    ],
    [
      words.running,
      jobs ? number(jobs.active ?? 0, language) : words.unknown,
      jobs && counted(words.batches, jobs.active ?? 0, language).replace(/^\S+\s/, ''),
    ],
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

function RetryForm({
  view,
  language,
  ids,
  children,
}: Frame & { ids: string[] | 'all'; children: ComponentChildren }): VNode {
  return (
    <form method="post" action={`/operations/retry?lang=${language}`}>
      <input type="hidden" name="csrf" value={view.csrf} />
      {ids === 'all' ? (
        <input type="hidden" name="all" value="1" />
      ) : (
        ids.map((id) => <input key={id} type="hidden" name="id" value={id} />)
      )}
      {children}
    </form>
  );
}

function Letters(frame: Frame): VNode {
  const { view, words, language } = frame;
  const { letters } = view.operations;
  const total = decisionsOf(view.operations);
  if (letters.length === 0) return <p>{words.noLetters}</p>;
  const retryable = view.operations.retryableCount;
  return (
    <>
      <p>{words.lettersHow}</p>
      {total > letters.length && (
        <p class="quiet">{words.lettersCut.replace('{n}', number(letters.length, language))}</p>
      )}
      <ul class="ops-letters">
        {groupLetters(letters).map((group) => (
          <Group key={group.key} {...frame} group={group} />
        ))}
      </ul>
      {retryable > 1 && (
        <div class="ops-all">
          <RetryForm {...frame} ids="all">
            <button class="button" type="submit">
              {words.retryAll.replace('{n}', number(retryable, language))}
            </button>
          </RetryForm>
        </div>
      )}
    </>
  );
}

function Group({ group, ...frame }: Frame & { group: LetterGroup }): VNode {
  const { words, language } = frame;
  const [first] = group.letters;
  const { organisation, kind, code, detail, since, canRetry } = first!;
  const several = group.letters.length > 1;
  const errors = [...new Set(group.letters.map((letter) => letter.lastError).filter((one) => one !== null))];
  return (
    <li>
      <h3>
        <Name>{organisation.publicName}</Name>, {counted(words.badges, group.credentials, language)}
      </h3>
      <p>{textIn(detail, language)}</p>
      <Facts
        facts={[
          [
            kind === 'failed' ? words.failed : words.refused,
            words.since.replace('{time}', longTime(since, language)),
          ],
          [words.badgeCodes, group.badges.join(', ')],
          [words.attempts, kind === 'failed' ? String(first!.attempts) : undefined],
          [words.lastError, errors.length > 0 ? <code>{errors.join(', ')}</code> : undefined],
          [words.reason, <code key="code">{code}</code>],
        ]}
      />
      {canRetry ? (
        <div class="ops-actions">
          <RetryForm {...frame} ids={group.letters.map((letter) => letter.id)}>
            <button class="button" type="submit">
              {several
                ? (kind === 'failed' ? words.retryBatches : words.retryBadges).replace(
                    '{n}',
                    number(group.letters.length, language),
                  )
                : words.retryOne}
            </button>
          </RetryForm>
        </div>
      ) : (
        <p class="quiet">{words.final}</p>
      )}
      <details>
        <summary>{words.each}</summary>
        <ul class="ops-each">
          {group.letters.map((letter) => (
            <li key={letter.id}>
              <code>{letter.id}</code>
              {canRetry && several && (
                <RetryForm {...frame} ids={[letter.id]}>
                  <button class="ops-link" type="submit">
                    {words.retryOne}
                    <span class="unseen"> {letter.id}</span>
                  </button>
                </RetryForm>
              )}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

function Organisations({ view, words, language }: Frame): VNode {
  const rows = view.operations.organisations;
  if (rows.length === 0) return <p>{words.noStructures}</p>;
  return (
    <table class="ops-table">
      <thead>
        <tr>
          <th scope="col">{words.structure}</th>
          <th scope="col" class="ops-number">
            {words.badgeCodes}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.slug}>
            <th scope="row">
              <Name>{row.publicName}</Name>
            </th>
            <td class="ops-number">{number(row.credentials, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Workers({ view: { operations }, words, language }: Frame): VNode {
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
            {words.signed.replace('{badges}', counted(words.badges, worker.signed, language))}
          </p>
          <p class="quiet">
            {words.startedAt.replace('{time}', longTime(worker.startedAt, language))},{' '}
            {words.version.replace('{version}', worker.version)}, {worker.id.slice(-6)}
          </p>
          {worker.isAlive && worker.warning && (
            <p class="warning">{words.warnings[worker.warning] ?? worker.warning}</p>
          )}
        </li>
      ))}
    </ul>
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
