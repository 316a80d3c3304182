import type { VNode } from 'preact';
import { type Text, textIn } from '#platform';
import {
  ActionLink,
  BadgeCards,
  Facts,
  type InLanguage,
  Links,
  OutsideLink,
  PageHead,
  Section,
  Words,
} from './parts.js';
import type { CompetencyPageView } from './view-models.js';
import { fill, wording } from './wording.js';

/** One competency of one version of a framework, at an address that stays. */
export function CompetencyPage({
  competency,
  language,
}: InLanguage & { competency: CompetencyPageView }): VNode {
  const words = wording(language).competency;
  const other = language === 'fr' ? 'en' : 'fr';
  const otherTitle = competency.title[language] !== undefined ? competency.title[other] : undefined;
  return (
    <article>
      <PageHead
        kind={words.kind}
        title={
          <>
            <span class="code">{competency.code}</span> <Words text={competency.title} language={language} />
          </>
        }
      >
        {competency.description && (
          <p class="lead">
            <Words text={competency.description} language={language} />
          </p>
        )}
      </PageHead>
      <Section title={words.about}>
        <Facts
          facts={[
            [
              wording(language).framework.kind,
              <>
                <a href={competency.framework.href}>
                  <Words text={competency.framework.title} language={language} />
                </a>
                , {fill(wording(language).levels.version, { version: competency.framework.version })}
              </>,
            ],
            [
              words.part,
              competency.parent && (
                <a href={competency.parent.href}>
                  <span class="code">{competency.parent.code}</span>{' '}
                  <Words text={competency.parent.title} language={language} />
                </a>
              ),
            ],
            [words.inOther, otherTitle && <span lang={other}>{otherTitle}</span>],
            [
              words.official,
              competency.officialUri ? (
                <OutsideLink href={competency.officialUri} language={language}>
                  <span class="address">{competency.officialUri}</span>
                </OutsideLink>
              ) : (
                words.noOfficial
              ),
            ],
          ]}
        />
        {competency.jsonHref && (
          <ActionLink href={competency.jsonHref}>{wording(language).achievement.json}</ActionLink>
        )}
      </Section>
      {competency.children.length > 0 && (
        <Section title={words.children}>
          <Links links={competency.children} language={language} />
        </Section>
      )}
      {competency.crosswalk.length > 0 && (
        <Section title={words.crosswalk}>
          <p class="quiet">{words.crosswalkHow}</p>
          <ul class="crosswalk">
            {competency.crosswalk.map((match) => (
              <li key={`${textIn(match.framework, language)} ${match.code}`}>
                {match.href ? (
                  <CodedLink
                    href={match.href}
                    code={match.code}
                    title={match.title ?? {}}
                    language={language}
                  />
                ) : (
                  <p class="code">{match.code}</p>
                )}
                <p class="quiet">
                  <span class="tag">{words.kinds[match.kind]}</span>
                  <Words text={match.framework} language={language} />
                </p>
                {match.note && textIn(match.note, language) !== '' && (
                  <p class="quiet">
                    <Words text={match.note} language={language} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {competency.badges.length > 0 && (
        <Section title={words.badges}>
          <BadgeCards badges={competency.badges} language={language} />
        </Section>
      )}
    </article>
  );
}

const CodedLink = ({
  href,
  code,
  title,
  language,
}: InLanguage & { href: string; code: string; title: Text }): VNode => (
  <a class="line" href={href}>
    <span class="code">{code}</span> <Words text={title} language={language} />
  </a>
);
