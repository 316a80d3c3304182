import type { VNode } from 'preact';
import { textIn } from '#platform';
import type { CompetencyPageView, MatchView } from './framework-views.js';
import {
  ActionLink,
  BadgeCards,
  Facts,
  type InLanguage,
  Links,
  OutsideLink,
  PageHead,
  Section,
  When,
  Words,
} from './parts.js';
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
              <Match
                key={JSON.stringify([match.kind, match.href, match.code, match.said?.by])}
                match={match}
                language={language}
              />
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

/** One competency elsewhere: how this one stands to it, what it is, who says so. */
function Match({ match, language }: InLanguage & { match: MatchView }): VNode {
  const words = wording(language).competency;
  const { said } = match;
  return (
    <li>
      <p class="quiet">{words.kinds[match.kind]}</p>
      <MatchLink match={match} language={language} />
      {match.framework && (
        <p class="quiet">
          <Words text={match.framework} language={language} />
        </p>
      )}
      {match.note && textIn(match.note, language) !== '' && (
        <p class="quiet">
          <Words text={match.note} language={language} />
        </p>
      )}
      {said && (
        <p class="quiet">
          {fill(words.said, {
            by: <bdi>{said.by}</bdi>,
            date: <When date={said.on} language={language} />,
            source: said.sourceHref ? (
              <OutsideLink href={said.sourceHref} language={language}>
                {said.source}
              </OutsideLink>
            ) : (
              <bdi>{said.source}</bdi>
            ),
          })}
        </p>
      )}
    </li>
  );
}

function MatchLink({ match, language }: InLanguage & { match: MatchView }): VNode {
  const name = (
    <>
      {match.code && <span class="code">{match.code}</span>}{' '}
      <Words text={match.title ?? {}} language={language} />
    </>
  );
  if (match.href === undefined) return <p>{name}</p>;
  if (match.isElsewhere)
    return (
      <OutsideLink href={match.href} language={language}>
        {name}
      </OutsideLink>
    );
  return (
    <a class="line" href={match.href}>
      {name}
    </a>
  );
}
