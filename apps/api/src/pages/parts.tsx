import type { ComponentChild, ComponentChildren, VNode } from 'preact';
import { type Language, languageOf, type Text, textIn } from '#platform';
import type { CompetencyLinkView } from './framework-views.js';
import { Icon } from './icons.js';
import type { BadgeCardView, LinkView, PictureView } from './view-models.js';
import { longDate, wording } from './wording.js';

// The small parts that every public page is built from; together, because most are a few lines and use each other.

/** What every part is told: the language of the page. */
export interface InLanguage {
  language: Language;
}

/** A text of the data, isolated from its surroundings, with its own `lang` when the page speaks another language. */
export function Words({ text, language }: InLanguage & { text: Text }): VNode {
  const spoken = languageOf(text, language);
  return spoken === language ? (
    <bdi>{textIn(text, language)}</bdi>
  ) : (
    <bdi lang={spoken}>{textIn(text, language)}</bdi>
  );
}

/** Latin letters that the bundled font lacks, the Vietnamese ones above all. */
const isBeyondFont = (text: string): boolean => /[\u0300-\u036f\u1ea0-\u1ef1]/u.test(text.normalize('NFC'));

/**
 * The name of a person or organisation, whatever its script. A name that the bundled font cannot set whole is set
 * in the reader's own font, rather than in a mix of two.
 */
export const Name = ({ children }: { children: string }): VNode => (
  <bdi class={isBeyondFont(children) ? 'name name-own-font' : 'name'}>{children}</bdi>
);

export const When = ({ date, language }: InLanguage & { date: string }): VNode => (
  <time dateTime={date}>{longDate(date, language)}</time>
);

/** A titled section of the document: the title stands left of its content where there is room. */
export function Section({
  title,
  children,
}: {
  title: ComponentChildren;
  children: ComponentChildren;
}): VNode {
  return (
    <section class="section">
      <h2>{title}</h2>
      <div class="section-body">{children}</div>
    </section>
  );
}

/** Pairs of a term and what is said of it; pairs without a value are left out. */
export function Facts({ facts }: { facts: [term: string, value: ComponentChild][] }): VNode | null {
  const known = facts.filter(
    ([, value]) => value !== undefined && value !== null && value !== false && value !== '',
  );
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A link that stands on its own line, tall enough for a thumb. */
export function ActionLink({
  href,
  children,
  download,
}: {
  href: string;
  children: ComponentChildren;
  download?: boolean;
}): VNode {
  return (
    <a class="action" href={href} {...(download ? { download: true } : {})}>
      {children}
    </a>
  );
}

/** A link to another site; it tells that site nothing about this page. */
export function OutsideLink({
  href,
  children,
  language,
  action,
}: InLanguage & { href: string; children: ComponentChildren; action?: boolean }): VNode {
  return (
    <a class={action ? 'action' : undefined} href={href} rel="external noopener noreferrer">
      {children}
      <Icon name="outside" />
      <span class="unseen"> ({wording(language).newWindow})</span>
    </a>
  );
}

/** The picture of a badge, drawn in a square of at most `size` CSS pixels. */
export const Picture = ({
  picture,
  language,
  size,
}: InLanguage & { picture: PictureView; size: number }): VNode => (
  <img class="picture" src={picture.svg} alt={textIn(picture.alt, language)} width={size} height={size} />
);

/** Lines that lead to other pages. */
export function Links({ links, language }: InLanguage & { links: (LinkView | CompetencyLinkView)[] }): VNode {
  return (
    <ul class="links">
      {links.map((link) => (
        <li key={link.href}>
          <a class="line" href={link.href}>
            {'code' in link && <span class="code">{link.code}</span>}{' '}
            <Words text={link.title} language={language} />
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Cards of badges: picture and title. */
export function BadgeCards({ badges, language }: InLanguage & { badges: BadgeCardView[] }): VNode {
  return (
    <ul class="cards">
      {badges.map((badge) => (
        <li key={badge.href}>
          <a class="card" href={badge.href}>
            <img src={badge.picture.svg} alt="" width={72} height={72} loading="lazy" />
            <Words text={badge.title} language={language} />
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Top of a page that is not a badge: what kind of thing it is, its name, a sentence. */
export function PageHead({
  kind,
  title,
  children,
  picture,
}: {
  kind?: string;
  title: ComponentChildren;
  children?: ComponentChildren;
  picture?: VNode;
}): VNode {
  return (
    <header class={picture ? 'page-head page-head-picture' : 'page-head'}>
      {picture}
      <div>
        {kind && <p class="kind">{kind}</p>}
        <h1>{title}</h1>
        {children}
      </div>
    </header>
  );
}
