import type { VNode } from 'preact';
import { longestComment, longestName, type OpenQuestion, shortestComment } from '#badges';
import type { Language } from '#platform';
import { Name, PageHead } from '../pages/parts.js';
import { fill } from '../pages/wording.js';
import { endorseWords } from './endorse-texts.js';

interface InLanguage {
  language: Language;
}

export interface FormValues {
  name?: string;
  url?: string;
  comment?: string;
  signed?: string;
}

const Sheet = (): VNode => <link rel="stylesheet" href="/endorse/style.css" />;

/** The question, and the form that answers it. No script; what was typed comes back when something must be corrected. */
export function EndorsePage({
  question,
  name,
  subjectHref,
  address,
  values = {},
  error,
  language,
}: InLanguage & {
  question: OpenQuestion;
  /** Name of what is endorsed. */
  name: string;
  subjectHref: string;
  /** Where the form goes. */
  address: string;
  values?: FormValues;
  error?: string;
}): VNode {
  const words = endorseWords(language);
  const structure = <Name>{question.organisationName}</Name>;
  return (
    <article class="endorse">
      <Sheet />
      <PageHead kind={words.kind} title={words.title[question.target]}>
        <p class="lead">{fill(words.asked, { structure })}</p>
        <p>{fill(words.about[question.target], { name: <bdi>{name}</bdi> })}</p>
        <p>
          <a class="action" href={subjectHref}>
            {words.look}
          </a>
        </p>
        <p>{fill(words.shown, { structure })}</p>
        <p>{words.noCheck}</p>
        {error && (
          <p class="endorse-error" role="alert">
            <strong>{words.error}</strong> – {error}
          </p>
        )}
        <form class="endorse-form" method="post" action={address}>
          <label>
            {words.name}
            <input
              name="name"
              required
              maxLength={longestName}
              autocomplete="organization"
              value={values.name}
            />
          </label>
          <label>
            {words.url}
            <input
              name="url"
              type="url"
              inputMode="url"
              maxLength={300}
              value={values.url}
              aria-describedby="url-help"
            />
          </label>
          <p class="quiet" id="url-help">
            {words.urlHelp}
          </p>
          <label>
            {words.comment}
            <textarea
              name="comment"
              required
              minLength={shortestComment}
              maxLength={longestComment}
              aria-describedby="comment-help"
            >
              {values.comment}
            </textarea>
          </label>
          <p class="quiet" id="comment-help">
            {words.commentHelp}
          </p>
          <button class="button" type="submit">
            {words.send}
          </button>
        </form>
        <details open={values.signed !== undefined}>
          <summary>{words.signedTitle}</summary>
          <form class="endorse-form" method="post" action={address}>
            <p>
              {words.signedHelp} <code>{question.subjectId}</code>
            </p>
            <label>
              {words.signed}
              <textarea name="signed" required spellcheck={false}>
                {values.signed}
              </textarea>
            </label>
            <button class="button" type="submit">
              {words.sendSigned}
            </button>
          </form>
        </details>
      </PageHead>
    </article>
  );
}

/** It is sent; the address with which it can be taken back is told this once. */
export function DonePage({
  structure,
  withdrawal,
  language,
}: InLanguage & { structure: string; withdrawal: string }): VNode {
  const words = endorseWords(language);
  return (
    <article class="endorse">
      <Sheet />
      <PageHead kind={words.kind} title={words.doneTitle}>
        <p class="lead">{fill(words.doneText, { structure: <Name>{structure}</Name> })}</p>
        <p>{words.keep}</p>
        <p class="endorse-keep">
          <code>{withdrawal}</code>
        </p>
      </PageHead>
    </article>
  );
}

/** A button, because programs that fetch links for a preview press none. */
export function WithdrawPage({
  comment,
  address,
  language,
}: InLanguage & { comment: string; address: string }): VNode {
  const words = endorseWords(language);
  return (
    <article class="endorse">
      <Sheet />
      <PageHead kind={words.kind} title={words.withdrawTitle}>
        <blockquote dir="auto">{comment}</blockquote>
        <p>{words.withdrawText}</p>
        <form class="endorse-act" method="post" action={address}>
          <button class="button" type="submit">
            {words.withdrawButton}
          </button>
        </form>
      </PageHead>
    </article>
  );
}

export function PlainEndorsePage({
  title,
  text,
  language,
}: InLanguage & { title: string; text?: string }): VNode {
  return (
    <article class="endorse">
      <Sheet />
      <PageHead kind={endorseWords(language).kind} title={title}>
        {text && <p class="lead">{text}</p>}
      </PageHead>
    </article>
  );
}
