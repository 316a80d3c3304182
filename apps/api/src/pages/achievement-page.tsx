import type { VNode } from 'preact';
import { Endorsements } from './endorsements.js';
import { IssuerFacts } from './issuer-facts.js';
import { ActionLink, BadgeCards, type InLanguage, Name, PageHead, Picture, Section, Words } from './parts.js';
import { Alignments, Criteria, EasyText } from './skills.js';
import type { AchievementPageView } from './view-models.js';
import { fill, wording } from './wording.js';

/** What a badge stands for, whoever holds it. */
export function AchievementPage({
  achievement,
  language,
}: InLanguage & { achievement: AchievementPageView }): VNode {
  const words = wording(language);
  return (
    <article>
      <PageHead
        kind={words.achievement.kind}
        title={<Words text={achievement.title} language={language} />}
        picture={<Picture picture={achievement.picture} language={language} size={232} />}
      >
        {achievement.description && (
          <p class="lead">
            <Words text={achievement.description} language={language} />
          </p>
        )}
        {achievement.version !== undefined && (
          <p class="quiet">
            {fill(words.achievement.version, { version: String(achievement.version) })}.{' '}
            {!achievement.isStateDiploma && words.limits.notDiploma}
          </p>
        )}
      </PageHead>
      {(achievement.criteria.length > 0 || achievement.learnerText) && (
        <Section title={words.achievement.criteria}>
          {achievement.criteria.length > 0 && (
            <Criteria criteria={achievement.criteria} language={language} ticked={false} />
          )}
          {achievement.learnerText && <EasyText text={achievement.learnerText} language={language} />}
        </Section>
      )}
      <Section title={words.achievement.conditions}>
        {achievement.conditions.length === 0 && !achievement.parts?.length && (
          <p>{words.achievement.conditionsNone}</p>
        )}
        {achievement.conditions.length > 0 && (
          <Criteria criteria={achievement.conditions} language={language} ticked={false} />
        )}
        {achievement.parts && achievement.parts.length > 0 && (
          <>
            <p class="lead">{fill(words.achievement.parts, { count: String(achievement.parts.length) })}</p>
            <BadgeCards badges={achievement.parts} language={language} />
          </>
        )}
      </Section>
      <Section title={words.levels.heading}>
        <Alignments alignments={achievement.alignments} language={language} />
      </Section>
      <Section title={words.achievement.issuer}>
        <p class="lead">
          <Name>{achievement.issuer.publicName}</Name>
        </p>
        <IssuerFacts issuer={achievement.issuer} language={language} />
        <ActionLink href={achievement.issuer.href}>{words.issuer.about}</ActionLink>
      </Section>
      <Endorsements endorsements={achievement.endorsements} language={language} />
      <Section title={words.download}>
        <ul class="files">
          <li>
            <ActionLink href={achievement.picture.png} download>
              {words.technical.png}
            </ActionLink>
          </li>
          <li>
            <ActionLink href={achievement.picture.svg} download>
              {words.technical.svg}
            </ActionLink>
          </li>
          {achievement.jsonHref && (
            <li>
              <ActionLink href={achievement.jsonHref}>{words.achievement.json}</ActionLink>
            </li>
          )}
          {achievement.ob2Href && (
            <li>
              <ActionLink href={achievement.ob2Href}>{words.achievement.ob2}</ActionLink>
            </li>
          )}
        </ul>
      </Section>
    </article>
  );
}
