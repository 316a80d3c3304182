import type { VNode } from 'preact';
import type { Language } from '#platform';
import { Assessment } from './assessment.js';
import { Endorsements } from './endorsements.js';
import { Icon, type IconName } from './icons.js';
import { IssuerFacts } from './issuer-facts.js';
import {
  ActionLink,
  BadgeCards,
  Facts,
  type InLanguage,
  Name,
  OutsideLink,
  Section,
  When,
  Words,
} from './parts.js';
import { QrCode } from './qr-code.js';
import { shownChecks } from './shown-verdict.js';
import { Alignments, Criteria, EasyText } from './skills.js';
import { TechnicalDetails } from './technical-details.js';
import { VerdictBanner } from './verdict-banner.js';
import type { BadgePageView, CheckView, WithdrawalView } from './view-models.js';
import { fill, longTime, wording } from './wording.js';

/** The public page of a badge, in the order an employer needs: the answer, what, how, who, and only then the rest. */
export function BadgePage({ badge, language }: InLanguage & { badge: BadgePageView }): VNode {
  const words = wording(language);
  // What an unauthentic badge says is shown nowhere: a forged text on our own page would lend it our name.
  const isBelievable = badge.verdict !== 'not_authentic';
  return (
    <article>
      <VerdictBanner badge={badge} language={language} />
      <div class="print-only print-check">
        <QrCode text={badge.technical.id} />
        <p>
          {fill(words.print, { time: longTime(badge.checkedAt, language) })}
          <br />
          <strong>{badge.technical.id}</strong>
        </p>
      </div>
      {isBelievable && (
        <>
          <Skills badge={badge} language={language} />
          <Section title={words.assessment.heading}>
            <Assessment
              assessment={badge.assessment}
              isPathway={(badge.parts?.length ?? 0) > 0}
              language={language}
            />
          </Section>
          <Section title={words.issuer.heading}>
            <p class="lead">
              <Name>{badge.issuer.publicName}</Name>
            </p>
            <IssuerFacts issuer={badge.issuer} language={language} />
            <ActionLink href={badge.issuer.href}>{words.issuer.about}</ActionLink>
          </Section>
          <Section title={words.levels.heading}>
            <Alignments alignments={badge.alignments} language={language} />
          </Section>
        </>
      )}
      <Validity badge={badge} language={language} />
      {isBelievable && badge.evidence && (
        <Section title={words.evidence.heading}>
          <p>
            <Words text={badge.evidence} language={language} />
          </p>
        </Section>
      )}
      {isBelievable && <Endorsements endorsements={badge.endorsements} language={language} />}
      {isBelievable ? (
        <Section title={words.limits.heading}>
          <p class="lead">{badge.isStateDiploma ? words.limits.diploma : words.limits.notDiploma}</p>
          <Statements items={words.limits.items} />
        </Section>
      ) : (
        <Section title={words.distrust.heading}>
          <Statements items={words.distrust.items} />
        </Section>
      )}
      <TakeAlong badge={badge} language={language} />
      <TechnicalDetails badge={badge} language={language} />
    </article>
  );
}

/** For whoever the badge belongs to: the badge as a file, and where else it can be shown. */
function TakeAlong({ badge, language }: InLanguage & { badge: BadgePageView }): VNode | null {
  const words = wording(language).share;
  const linkedIn = badge.verdict === 'authentic' ? badge.linkedInHref : undefined;
  if (!badge.forms && !badge.certificateHref && !linkedIn) return null;
  return (
    <section class="section share">
      <h2>{words.heading}</h2>
      <div class="section-body">
        {badge.forms && (
          <>
            <a class="button" href={`${badge.forms.pngHref}?download&lang=${language}`} download>
              <Icon name="download" />
              {words.download}
            </a>
            <p>{words.inside}</p>
            <p class="quiet">{words.keep}</p>
          </>
        )}
        {badge.certificateHref && (
          <ActionLink href={`${badge.certificateHref}?lang=${language}`}>
            <Icon name="download" />
            {words.certificate}
          </ActionLink>
        )}
        {badge.sheetHref && (
          <ActionLink href={`${badge.sheetHref}&lang=${language}`}>
            <Icon name="download" />
            {words.sheet}
          </ActionLink>
        )}
        {linkedIn && (
          <>
            <OutsideLink href={linkedIn} language={language} action>
              {words.linkedIn}
            </OutsideLink>
            <p class="quiet">{words.warning}</p>
          </>
        )}
      </div>
    </section>
  );
}

const Statements = ({ items }: { items: string[] }): VNode => (
  <ul class="plain">
    {items.map((item) => (
      <li key={item}>{item}</li>
    ))}
  </ul>
);

/** What stands above the skills of a badge that nobody vouches for now. */
function skillsNotice({ verdict, withdrawn }: BadgePageView): WithdrawalView['kind'] | 'doubt' | undefined {
  if (verdict === 'withdrawn') return withdrawn?.kind ?? 'withdrawn';
  return verdict === 'cannot_check' ? 'doubt' : undefined;
}

function Skills({ badge, language }: InLanguage & { badge: BadgePageView }): VNode {
  const words = wording(language).skills;
  const notice = skillsNotice(badge);
  const isSure = notice === undefined;
  const named = badge.learnerName
    ? fill(words.headingNamed, { learner: <Name>{badge.learnerName}</Name> })
    : words.heading;
  return (
    <Section title={isSure ? named : words.headingDoubt}>
      {notice && (
        <p class="notice">
          <Icon name="info" />
          <span>{words[notice]}</span>
        </p>
      )}
      {badge.criteria.length > 0 && (
        <Criteria criteria={badge.criteria} language={language} ticked={isSure} />
      )}
      {badge.parts && badge.parts.length > 0 && (
        <>
          <p class="lead">{fill(words.parts, { count: String(badge.parts.length) })}</p>
          <BadgeCards badges={badge.parts} language={language} />
        </>
      )}
      {badge.criteria.length === 0 && !badge.parts?.length && !badge.learnerText && <p>{words.none}</p>}
      {badge.learnerText && <EasyText text={badge.learnerText} language={language} />}
      <ActionLink href={badge.achievementHref}>{words.about}</ActionLink>
    </Section>
  );
}

const outcomeIcon: Record<CheckView['outcome'], IconName> = {
  passed: 'tick',
  failed: 'cross',
  unknown: 'unknown',
};

/** What a check found; the status of a badge that does not stand is told as what became of it. */
function checkText(
  { verdict, withdrawn }: BadgePageView,
  name: CheckView['name'],
  outcome: CheckView['outcome'],
  language: Language,
): string {
  const { results } = wording(language).validity;
  const kind = verdict === 'withdrawn' ? withdrawn?.kind : undefined;
  if (name === 'status' && outcome === 'failed' && kind !== undefined && kind !== 'withdrawn')
    return results.status[kind];
  return results[name][outcome];
}

function Validity({ badge, language }: InLanguage & { badge: BadgePageView }): VNode {
  const words = wording(language).validity;
  const when = (date: string | undefined) => date && <When date={date} language={language} />;
  return (
    <Section title={words.heading}>
      <Facts
        facts={[
          [words.issued, badge.verdict === 'not_authentic' ? undefined : when(badge.issuedOn)],
          [
            words.expires,
            badge.verdict === 'not_authentic' ? undefined : (when(badge.expiresOn) ?? words.noExpiry),
          ],
          [words[badge.withdrawn?.kind ?? 'withdrawn'], when(badge.withdrawn?.on)],
          [words.checked, <time dateTime={badge.checkedAt}>{longTime(badge.checkedAt, language)}</time>],
        ]}
      />
      <h3>{words.checks}</h3>
      <ul class="checks">
        {shownChecks(badge).map(({ name, outcome }) => (
          <li key={name} class={`check-${outcome}`}>
            <Icon name={outcomeIcon[outcome]} />
            <span>{checkText(badge, name, outcome, language)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
