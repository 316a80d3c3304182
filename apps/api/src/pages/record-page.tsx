import type { VNode } from 'preact';
import type { Language } from '#platform';
import { ActionLink, BadgeCards, type InLanguage, Name, PageHead, Section, When } from './parts.js';
import type { BadgeCardView } from './view-models.js';
import { fill } from './wording.js';

const fr = {
  kind: 'Badges réunis',
  title: 'Les badges choisis par une personne',
  count: 'Nombre de badges : {count}.',
  signed: 'Réunis et signés par {name}, le {date}.',
  standing: 'Ces badges sont valables aujourd’hui',
  fallen: 'Ces badges ne sont plus valables',
  each: 'Ouvrez chaque badge : sa page dit s’il est authentique.',
  notAll: 'La personne peut avoir d’autres badges. Elle choisit ce qu’elle montre.',
  files: 'Fichiers',
  json: 'Fichier signé (JSON-LD)',
  jwt: 'Fichier signé (JWT)',
};
const en: typeof fr = {
  kind: 'Badges together',
  title: 'The badges that a person chose',
  count: 'Number of badges: {count}.',
  signed: 'Put together and signed by {name}, on {date}.',
  standing: 'These badges stand today',
  fallen: 'These badges do not stand any more',
  each: 'Open each badge: its page says whether it is authentic.',
  notAll: 'The person may have other badges. They choose what they show.',
  files: 'Files',
  json: 'Signed file (JSON-LD)',
  jwt: 'Signed file (JWT)',
};
export const recordWords = (language: Language): typeof fr => (language === 'fr' ? fr : en);

export interface RecordPageView {
  issuer: { name: string; href: string };
  /** 'YYYY-MM-DD' */
  signedOn: string;
  /** By the register of today: those that stand, and those that do not. */
  standing: BadgeCardView[];
  fallen: BadgeCardView[];
  jsonHref: string;
  jwtHref: string;
}

/** Badges that somebody chose to show together; each is judged on its own page. */
export function RecordPage({ record, language }: InLanguage & { record: RecordPageView }): VNode {
  const words = recordWords(language);
  const { standing, fallen, issuer } = record;
  return (
    <article>
      <PageHead kind={words.kind} title={words.title}>
        <p class="lead">{fill(words.count, { count: String(standing.length + fallen.length) })}</p>
        <p>
          {fill(words.signed, {
            name: (
              <a href={issuer.href}>
                <Name>{issuer.name}</Name>
              </a>
            ),
            date: <When date={record.signedOn} language={language} />,
          })}
        </p>
        <p>{words.each}</p>
      </PageHead>
      {standing.length > 0 && (
        <Section title={words.standing}>
          <BadgeCards badges={standing} language={language} />
        </Section>
      )}
      {fallen.length > 0 && (
        <Section title={words.fallen}>
          <BadgeCards badges={fallen} language={language} />
        </Section>
      )}
      <Section title={words.files}>
        <p>{words.notAll}</p>
        <ActionLink href={record.jsonHref}>{words.json}</ActionLink>
        <ActionLink href={record.jwtHref}>{words.jwt}</ActionLink>
      </Section>
    </article>
  );
}
