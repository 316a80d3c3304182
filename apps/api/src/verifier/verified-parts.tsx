import type { VNode } from 'preact';
import { textIn } from '#platform';
import { type BadgeReport, checkName } from '#verification';
import { Facts, type InLanguage, Name, Section, When, Words } from '../pages/parts.js';
import type { SeenBadge } from './seen-badge.js';
import { verifierWords } from './verifier-texts.js';

/** Lines under a heading; nothing when there are none. */
export const Lines = ({
  title,
  lines,
  language,
}: InLanguage & { title: string; lines: BadgeReport['notChecked'] }): VNode | null =>
  lines.length === 0 ? null : (
    <Section title={title}>
      <ul class="plain">
        {lines.map((line) => (
          <li key={textIn(line, language)}>
            <Words text={line} language={language} />
          </li>
        ))}
      </ul>
    </Section>
  );

/** Whose it is, who issued it, from when to when: as the badge says. */
export function SeenFacts({ seen, language }: InLanguage & { seen: SeenBadge }): VNode {
  const words = verifierWords(language);
  const when = (date: string | undefined) => date && <When date={date} language={language} />;
  return (
    <Facts
      facts={[
        [words.issuedTo, seen.learner && <Name>{seen.learner}</Name>],
        [words.statedIssuer, seen.issuer && <Name>{seen.issuer}</Name>],
        [words.from, when(seen.from)],
        [words.until, when(seen.until)],
      ]}
    />
  );
}

/** What those who repair it look for, folded. */
export function Technical({ report, language }: InLanguage & { report: BadgeReport }): VNode {
  const words = verifierWords(language);
  const remarks = report.checks.filter(({ remark, outcome }) => remark && outcome !== 'passed');
  return (
    <details class="technical">
      <summary>{words.technical}</summary>
      <Facts
        facts={[
          [words.form, report.format && textIn(report.format.text, language)],
          [words.id, typeof report.credential?.id === 'string' && <code>{report.credential.id}</code>],
          [words.statedIssuer, report.issuer && <code>{report.issuer.id}</code>],
          ...remarks.map((check): [string, VNode] => [
            `${words.remark} (${checkName(check.name, language)})`,
            <code>
              {check.code}: {check.remark}
            </code>,
          ]),
        ]}
      />
    </details>
  );
}
