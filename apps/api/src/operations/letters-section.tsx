import type { ComponentChildren, VNode } from 'preact';
import { counted, number, textIn } from '#platform';
import { Facts, Name } from '../pages/parts.js';
import { longTime } from '../pages/wording.js';
import { groupLetters, type LetterGroup } from './letter-groups.js';
import { unbroken } from './operations-texts.js';
import { decisionsOf, type Frame } from './page-view.js';

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

/** What waits for a decision, one card for each organisation and reason. */
export function Letters(frame: Frame): VNode {
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

/** A code may be broken where its words meet, and nowhere else. */
function Code({ children }: { children: string }): VNode {
  const [first, ...others] = children.split('_');
  return (
    <code>
      {first}
      {others.map((word) => (
        <>
          _<wbr />
          {word}
        </>
      ))}
    </code>
  );
}

/** A text in which no name of a command or option is broken. */
const Commands = ({ children }: { children: string }): VNode => (
  <>
    {children
      .split(/(insigne [a-z]+ [a-z]+|--[a-z]+)/)
      .map((part, at) => (at % 2 === 1 ? <span class="ops-whole">{part}</span> : part))}
  </>
);

function Group({ group, ...frame }: Frame & { group: LetterGroup }): VNode {
  const { words, language } = frame;
  const [first] = group.letters;
  const { organisation, kind, code, detail, since, canRetry, isSuccessor } = first!;
  const [statement] = first!.statements;
  const what = statement ? words.statements[statement] : words.badges;
  const several = group.letters.length > 1;
  const errors = [...new Set(group.letters.map((letter) => letter.lastError).filter((one) => one !== null))];
  return (
    <li>
      <h3>
        <Name>{organisation.publicName}</Name>, {counted(what, group.credentials, language)}
      </h3>
      <p>{unbroken(textIn(detail, language))}</p>
      <Facts
        facts={[
          [
            kind === 'failed' ? words.failed : words.refused,
            words.since.replace('{time}', longTime(since, language)),
          ],
          [words.badgeCodes, group.badges.length > 0 ? group.badges.join(', ') : undefined],
          [words.attempts, kind === 'failed' ? String(first!.attempts) : undefined],
          [words.lastError, errors.length > 0 ? <Code>{errors.join(', ')}</Code> : undefined],
          [words.reason, <Code key="code">{code}</Code>],
        ]}
      />
      {canRetry ? (
        <div class="ops-actions">
          <RetryForm {...frame} ids={group.letters.map((letter) => letter.id)}>
            <button class="button" type="submit">
              {several
                ? (kind === 'failed'
                    ? words.retryBatches
                    : statement
                      ? words.retryStatements
                      : words.retryBadges
                  ).replace('{n}', number(group.letters.length, language))
                : words.retryOne}
            </button>
          </RetryForm>
        </div>
      ) : (
        <p class="ops-final">
          <Commands>
            {isSuccessor ? words.finalSuccessor : statement ? words.finalStatement : words.final}
          </Commands>
        </p>
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
