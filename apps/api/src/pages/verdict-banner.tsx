import type { VNode } from 'preact';
import { Icon } from './icons.js';
import { type InLanguage, Name, Picture, When, Words } from './parts.js';
import type { BadgePageView } from './view-models.js';
import { fill, longTime, wording } from './wording.js';

/** The answer first: icon and word, the badge, who gave it to whom and when, when that was checked. */
export function VerdictBanner({ badge, language }: InLanguage & { badge: BadgePageView }): VNode {
  const words = wording(language).verdict;
  const withdrawn = badge.verdict === 'withdrawn' ? badge.withdrawn : undefined;
  const verdict = words[withdrawn?.kind ?? badge.verdict];
  const values = {
    issuer: <Name>{badge.issuer.publicName}</Name>,
    learner: badge.learnerName && <Name>{badge.learnerName}</Name>,
    date: <When date={badge.issuedOn} language={language} />,
    expiry: badge.expiresOn && <When date={badge.expiresOn} language={language} />,
    withdrawal: badge.withdrawn && <When date={badge.withdrawn.on} language={language} />,
  };
  // A name and a picture that failed the check would lend it our authority.
  const isBelievable = badge.verdict !== 'not_authentic';
  const [justNow, at] =
    badge.verdict === 'cannot_check'
      ? [words.triedJustNow, words.triedAt]
      : [words.checkedJustNow, words.checkedAt];
  return (
    <header class={`verdict verdict-${badge.verdict}`}>
      <p class="verdict-word">
        <Icon name={badge.verdict} />
        <strong>{verdict.word}</strong>
        <span class="verdict-time">
          {badge.checkedJustNow ? justNow : fill(at, { time: <Time badge={badge} language={language} /> })}
        </span>
      </p>
      <div class="verdict-body">
        {isBelievable && <Picture picture={badge.picture} language={language} size={232} />}
        <div class="verdict-title">
          <p class="kind">{words.badge}</p>
          <h1>{isBelievable ? <Words text={badge.title} language={language} /> : words.unnamed}</h1>
        </div>
        <div class="verdict-text">
          <p class="verdict-sentence">
            {fill(badge.learnerName ? verdict.sentence : verdict.anonymous, values)}
          </p>
          <p>{fill(verdict.more, values)}</p>
          {badge.note && (
            <p>
              <Words text={badge.note} language={language} />
            </p>
          )}
          {withdrawn?.reason && (
            <p>{fill(words.reason, { reason: <Words text={withdrawn.reason} language={language} /> })}</p>
          )}
          {withdrawn?.newerHref && (
            <a class="button" href={withdrawn.newerHref}>
              {words.newer}
            </a>
          )}
          {badge.verdict === 'cannot_check' && (
            <a class="button" href={`?lang=${language}`}>
              {words.retry}
            </a>
          )}
        </div>
      </div>
    </header>
  );
}

const Time = ({ badge, language }: InLanguage & { badge: BadgePageView }): VNode => (
  <time dateTime={badge.checkedAt}>{longTime(badge.checkedAt, language)}</time>
);
