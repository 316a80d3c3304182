import type { VNode } from 'preact';
import { endorsementWords } from './endorsement-texts.js';
import { ActionLink, type InLanguage, Name, PageHead, Section, When } from './parts.js';
import type { EndorsementView } from './view-models.js';
import { fill } from './wording.js';

/** What others say of it, each with who stands behind the words; nothing when nobody said anything. */
export function Endorsements({
  endorsements,
  language,
}: InLanguage & { endorsements?: EndorsementView[] }): VNode | null {
  if (!endorsements?.length) return null;
  const words = endorsementWords(language);
  return (
    <Section title={words.heading}>
      <ul class="plain">
        {endorsements.map((one) => (
          <li key={one.href}>
            <Said endorsement={one} language={language} />
            <ActionLink href={one.href}>{words.read}</ActionLink>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Said({ endorsement, language }: InLanguage & { endorsement: EndorsementView }): VNode {
  const words = endorsementWords(language);
  const { endorser, form } = endorsement;
  const name = <Name>{endorser.name}</Name>;
  return (
    <>
      <blockquote dir="auto">
        {endorsement.comment.split(/\n+/).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </blockquote>
      <p>
        <strong>{fill(words.by, { name: endorser.href ? <a href={endorser.href}>{name}</a> : name })}</strong>{' '}
        {fill(words.on, { date: <When date={endorsement.givenOn} language={language} /> })}
      </p>
      <p class="quiet">
        {fill(words[form], {
          structure: <Name>{endorsement.receivedBy}</Name>,
          issuer: <bdi>{endorsement.issuerId ?? ''}</bdi>,
        })}
      </p>
    </>
  );
}

/** One endorsement at its own address. */
export function EndorsementPage({
  endorsement,
  language,
}: InLanguage & { endorsement: EndorsementView }): VNode {
  const words = endorsementWords(language);
  const { jsonHref, jwtHref, subjectHref } = endorsement;
  return (
    <article>
      <PageHead kind={words.kind} title={words.heading}>
        <Said endorsement={endorsement} language={language} />
        <ActionLink href={subjectHref}>{words.about}</ActionLink>
      </PageHead>
      <Section title={words.files}>
        {jsonHref && <ActionLink href={jsonHref}>{words.json}</ActionLink>}
        {jwtHref && <ActionLink href={jwtHref}>{words.jwt}</ActionLink>}
      </Section>
    </article>
  );
}
