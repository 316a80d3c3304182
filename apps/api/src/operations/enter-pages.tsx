import type { VNode } from 'preact';
import type { Language } from '#platform';
import { PageHead } from '../pages/parts.js';
import { operationsWords } from './operations-texts.js';

interface InLanguage {
  language: Language;
}

const Sheet = (): VNode => <link rel="stylesheet" href="/operations/style.css" />;

const Command = (): VNode => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls sideways, the keyboard must reach it
  <code class="ops-command" tabIndex={0}>
    npm run insigne -- admin-link
  </code>
);

/** The link was opened: a button, because programs that fetch links for a preview press none. */
export function EnterPage({ token, language }: InLanguage & { token: string }): VNode {
  const words = operationsWords(language);
  return (
    <article>
      <Sheet />
      <PageHead kind={words.kind} title={words.enterTitle}>
        <p class="lead">{words.enterText}</p>
        <form class="ops-enter" method="post" action={`/operations/enter?lang=${language}`}>
          <input type="hidden" name="token" value={token} />
          <button class="button" type="submit">
            {words.enterButton}
          </button>
        </form>
      </PageHead>
    </article>
  );
}

/** Somebody without a session: how to get in, for those who may. */
export function OutsidePage({ language, isUsed }: InLanguage & { isUsed: boolean }): VNode {
  const words = operationsWords(language);
  return (
    <article>
      <Sheet />
      <PageHead kind={words.kind} title={isUsed ? words.usedTitle : words.outTitle}>
        <p class="lead">{isUsed ? words.usedText : words.outText}</p>
        <Command />
        <p>{words.outThen}</p>
        <p class="quiet">{words.outCompose}</p>
        <a class="button" href="/">
          {words.outHome}
        </a>
      </PageHead>
    </article>
  );
}

export function TooManyPage({ language }: InLanguage): VNode {
  const words = operationsWords(language);
  return (
    <article>
      <Sheet />
      <PageHead kind={words.kind} title={words.tooMany} />
    </article>
  );
}
