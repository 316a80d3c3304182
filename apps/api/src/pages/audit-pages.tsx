import type { VNode } from 'preact';
import type { Language } from '#platform';
import { auditRecipe } from './audit-recipe.js';
import { auditTexts } from './audit-texts.js';
import { renderPage } from './document.js';
import { ActionLink, Facts, type InLanguage, PageHead, Section, When } from './parts.js';
import { fill, longDate } from './wording.js';

/** What the chain was at the end of a day. */
export interface AuditHeadView {
  /** YYYY-MM-DD, UTC. */
  day: string;
  /** Number of the last line. */
  seq: number;
  /** Lines written on that day. */
  lines: number;
  /** 64 hexadecimal characters. */
  hash: string;
}

const shownDays = 62;

// Groups of eight can be compared by eye, and break on a narrow screen.
const Hash = ({ hash }: { hash: string }): VNode => (
  <code class="code">{hash.replace(/(.{8})(?!$)/g, '$1 ')}</code>
);

const Recipe = ({ language }: InLanguage): VNode => {
  const words = auditTexts(language);
  return (
    <Section title={words.again}>
      <p>{words.againText}</p>
      <pre class="recipe" lang="zxx" translate={false}>
        {auditRecipe}
      </pre>
    </Section>
  );
};

function AuditPage({ heads, language }: InLanguage & { heads: AuditHeadView[] }): VNode {
  const words = auditTexts(language);
  return (
    <article>
      <PageHead title={words.heading}>
        <p class="lead">{words.lead}</p>
      </PageHead>
      <Section title={words.what}>
        <p>{words.whatText}</p>
      </Section>
      <Section title={words.how}>
        <ol class="numbered">
          {words.howSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p class="quiet">{words.formula}</p>
      </Section>
      <Recipe language={language} />
      <Section title={words.days}>
        {heads.length === 0 && <p>{words.none}</p>}
        <ul class="days">
          {heads.slice(0, shownDays).map((head) => (
            <li key={head.day}>
              <h3>
                <a class="line" href={`/audit/${head.day}`}>
                  <When date={head.day} language={language} />
                </a>
              </h3>
              <p>
                <Hash hash={head.hash} />
              </p>
            </li>
          ))}
        </ul>
        {heads.length > shownDays && <p class="quiet">{words.older}</p>}
        <ActionLink href="/audit/heads.json" download>
          {words.download}
        </ActionLink>
      </Section>
    </article>
  );
}

function AuditDayPage({ head, language }: InLanguage & { head: AuditHeadView }): VNode {
  const words = auditTexts(language);
  return (
    <article>
      <PageHead kind={words.heading} title={<When date={head.day} language={language} />} />
      <Section title={words.hash}>
        <p>
          <Hash hash={head.hash} />
        </p>
        <Facts
          facts={[
            [words.day, <time dateTime={head.day}>{head.day}</time>],
            [words.seq, String(head.seq)],
            [words.lines, String(head.lines)],
          ]}
        />
      </Section>
      <Section title={words.how}>
        <ol class="numbered">
          {words.howSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p class="quiet">{words.formula}</p>
      </Section>
      <Recipe language={language} />
      <ActionLink href="/audit">{words.all}</ActionLink>
    </article>
  );
}

/** Every day's head, newest first, and how to check them. */
export const renderAuditPage = (heads: AuditHeadView[], language: Language): string =>
  renderPage(<AuditPage heads={heads} language={language} />, {
    language,
    title: auditTexts(language).heading,
    isIndexable: true,
  });

/** One day's head. */
export const renderAuditDayPage = (head: AuditHeadView, language: Language): string =>
  renderPage(<AuditDayPage head={head} language={language} />, {
    language,
    title: fill(auditTexts(language).oneDay, { day: longDate(head.day, language) }).join(''),
    isIndexable: true,
  });
