import type { VNode } from 'preact';
import { Endorsements } from './endorsements.js';
import { IssuerFacts } from './issuer-facts.js';
import {
  ActionLink,
  BadgeCards,
  Facts,
  type InLanguage,
  Name,
  PageHead,
  Section,
  When,
  Words,
} from './parts.js';
import type { IssuerKeyView, IssuerPageView } from './view-models.js';
import { fill, wording } from './wording.js';

// A local part may hold what a mailto address takes for more recipients (RFC 6068, section 2).
const mailto = (email: string): string => `mailto:${email.split('@').map(encodeURIComponent).join('@')}`;

/** Who a structure is, what it issues, and the keys that prove it. */
export function IssuerPage({ page, language }: InLanguage & { page: IssuerPageView }): VNode {
  const words = wording(language).issuerPage;
  return (
    <article>
      <PageHead kind={words.kind} title={<Name>{page.issuer.publicName}</Name>}>
        {page.description && (
          <p class="lead">
            <Words text={page.description} language={language} />
          </p>
        )}
      </PageHead>
      <Section title={words.about}>
        <IssuerFacts
          issuer={page.issuer}
          language={language}
          more={[[words.email, page.email && <a href={mailto(page.email)}>{page.email}</a>]]}
        />
      </Section>
      <Section title={words.badges}>
        {page.badges.length === 0 ? (
          <p>{words.noBadges}</p>
        ) : (
          <BadgeCards badges={page.badges} language={language} />
        )}
      </Section>
      <Endorsements endorsements={page.endorsements} language={language} />
      <Section title={words.keys}>
        <p>{words.keysHow}</p>
        <ul class="keys">
          {page.keys.map((key) => (
            <Key key={key.id} signingKey={key} language={language} />
          ))}
        </ul>
        <Facts facts={[[words.did, <code>{page.did}</code>]]} />
        <ActionLink href={page.didHref}>{words.didDocument}</ActionLink>
        <ActionLink href={page.jwksHref}>{words.jwks}</ActionLink>
        {page.ob2Href && <ActionLink href={page.ob2Href}>{words.ob2}</ActionLink>}
      </Section>
    </article>
  );
}

function Key({ signingKey, language }: InLanguage & { signingKey: IssuerKeyView }): VNode {
  const words = wording(language).issuerPage;
  const when = (date: string) => ({ date: <When date={date} language={language} /> });
  return (
    <li>
      <a class="line" href={signingKey.href}>
        <code>{signingKey.id}</code>
      </a>
      <p>
        {signingKey.algorithm}. {fill(words.inUse, when(signingKey.since))}.
        {signingKey.retiredOn && <> {fill(words.retired, when(signingKey.retiredOn))}.</>}
      </p>
      {signingKey.compromisedSince && (
        <p class="warning">{fill(words.compromised, when(signingKey.compromisedSince))}.</p>
      )}
    </li>
  );
}
