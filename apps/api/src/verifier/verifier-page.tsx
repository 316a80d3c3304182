import type { VNode } from 'preact';
import { textIn } from '#platform';
import {
  type BadgeReport,
  besideVerdict,
  type Check,
  checkName,
  mayBeRepeated,
  type Noun,
  nounOf,
  resultCodes,
  verdictOfItself,
  verdictText,
} from '#verification';
import { Icon, type IconName } from '../pages/icons.js';
import { ActionLink, type InLanguage, Name, PageHead, Section } from '../pages/parts.js';
import { fill } from '../pages/wording.js';
import { inFrench } from './in-french.js';
import { InsideRecord } from './inside-record.js';
import { seenBadge } from './seen-badge.js';
import { ResultsNotice } from './told-results.js';
import { Lines, SeenFacts, Technical } from './verified-parts.js';
import { type ProblemCode, verifierWords } from './verifier-texts.js';

/** What the form shows again after a problem; a file cannot be shown again. */
export interface Given {
  text?: string;
  name?: string;
  email?: string;
}

/** The form: an address or a text, a file, the camera where there is one. Works without a script, but for the camera. */
export function VerifierPage({
  language,
  problem,
  given = {},
  script,
}: InLanguage & { problem?: ProblemCode; given?: Given; script: string }): VNode {
  const words = verifierWords(language);
  return (
    <article>
      <PageHead title={words.title}>
        <p class="lead">{words.intro}</p>
      </PageHead>
      {problem && (
        <div class="notice warning" role="alert" id="problem">
          <Icon name="info" />
          <div>
            <strong>{words.problemHeads[problem] ?? words.problem}</strong>
            <p>{words.problems[problem]}</p>
          </div>
        </div>
      )}
      <form class="verifier" method="post" action={`/verify?lang=${language}`} encType="multipart/form-data">
        <div class="field">
          <label for="text">{words.textLabel}</label>
          <p class="quiet" id="text-hint">
            {words.textHint}
          </p>
          <textarea
            id="text"
            name="text"
            rows={3}
            spellcheck={false}
            autocapitalize="none"
            autocomplete="off"
            aria-describedby={problem ? 'problem text-hint' : 'text-hint'}
          >
            {given.text}
          </textarea>
        </div>
        <div class="field camera" data-camera hidden>
          <button class="button button-quiet" type="button" data-camera-button aria-pressed="false">
            {words.camera}
          </button>
          <video data-camera-view muted playsInline hidden />
          <p data-camera-message role="status" class="quiet" />
        </div>
        <div class="field">
          <label for="file">{words.fileLabel}</label>
          <p class="quiet" id="file-hint">
            {words.fileHint}
          </p>
          <input
            id="file"
            name="file"
            type="file"
            accept="image/png,image/svg+xml,image/jpeg,.json,.jsonld,.jwt,.jws,.txt"
            aria-describedby="file-hint"
          />
        </div>
        <fieldset class="field">
          <legend>{words.who}</legend>
          <p class="quiet">{words.whoHint}</p>
          <label for="name">{words.nameLabel}</label>
          <input id="name" name="name" maxLength={200} autocomplete="off" value={given.name} />
          <label for="email">{words.emailLabel}</label>
          <input
            id="email"
            name="email"
            type="email"
            maxLength={254}
            autocomplete="off"
            value={given.email}
          />
        </fieldset>
        <button class="button" type="submit">
          {words.submit}
        </button>
        <p class="quiet">{words.privacy}</p>
      </form>
      <script type="module" src={script} />
      <template
        data-camera-words
        data-start={words.camera}
        data-stop={words.cameraStop}
        data-looking={words.cameraLooking}
        data-refused={words.cameraRefused}
        data-nothing={words.cameraNothing}
      />
    </article>
  );
}

const outcomeIcon: Record<Check['outcome'], IconName> = {
  passed: 'tick',
  failed: 'cross',
  unknown: 'unknown',
};

/** What passed and says something of a result must not stand beside a tick. */
const isNote = ({ code }: Check): boolean => (resultCodes as readonly string[]).includes(code);

/** The answer, then who issued it, every check by name, what was left aside and what no badge proves. */
export function VerifiedPage({
  language,
  report,
  ownPage,
}: InLanguage & { report: BadgeReport; ownPage?: string }): VNode {
  const words = verifierWords(language);
  const seen = seenBadge(report);
  const noun = nounOf(report);
  // As on the badge's own page: what a false badge says is not repeated under our name.
  const isBelievable = mayBeRepeated(report);
  return (
    <article>
      <header class={`verdict verdict-${report.verdict}`}>
        <p class="verdict-word">
          <Icon name={report.verdict} />
          <strong>{headline(report, language)}</strong>
        </p>
        <div class="verdict-body verdict-plain">
          <div class="verdict-title">
            <p class="kind">{words.kinds[noun]}</p>
            <h1>
              <Title
                name={report.badges && noun === 'presentation' ? words.shown : seen.title}
                {...{ isBelievable, noun, language }}
              />
            </h1>
          </div>
          <div class="verdict-text">
            <p class="verdict-sentence">{sentence(report, language)}</p>
            {noun === 'other' && isBelievable && <p>{words.noBadge}</p>}
            {isBelievable && <SeenFacts seen={seen} language={language} />}
            {ownPage && (
              <a class="button" href={ownPage}>
                {words.ownPage}
              </a>
            )}
          </div>
        </div>
      </header>
      {isBelievable && report.results && <ResultsNotice results={report.results} language={language} />}
      {report.badges && (
        <InsideRecord
          badges={report.badges}
          title={noun === 'presentation' ? words.shownBadges : words.badges}
          language={language}
        />
      )}
      <Section title={words.checks}>
        <ul class="checks">
          {report.checks.map((check) => (
            <li key={check.name} class={isNote(check) ? 'check-note' : `check-${check.outcome}`}>
              <Icon name={isNote(check) ? 'info' : outcomeIcon[check.outcome]} />
              <span>
                <strong>{checkName(check.name, language)}</strong> –{' '}
                {inFrench(textIn(check.detail, language), language)}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      {report.identity && (
        <Section title={words.who2}>
          <p>
            {fill(words.identity[report.identity.source], {
              who: <Name>{report.identity.name ?? report.identity.domain ?? ''}</Name>,
            })}
          </p>
        </Section>
      )}
      {isBelievable && report.endorsements && report.endorsements.length > 0 && (
        <Section title={words.endorsements}>
          <ul class="plain">
            {report.endorsements.map((one) => (
              <li key={`${one.of} ${one.by?.id} ${one.comment}`}>
                <bdi>{one.by?.name ?? one.by?.id ?? '?'}</bdi>, {words.endorsementsOf[one.of]} :{' '}
                {textIn(one.detail, language)}
                {one.verdict === 'authentic' && one.comment && (
                  <blockquote>
                    <bdi>{one.comment}</bdi>
                  </blockquote>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Lines title={words.notChecked} lines={report.notChecked} language={language} />
      <Lines title={words.notProven} lines={report.notProven} language={language} />
      <Technical report={report} language={language} />
      <ActionLink href={`/verify?lang=${language}`}>{words.another}</ActionLink>
    </article>
  );
}

/** What a badge calls itself: not repeated of a false one. */
function Title({
  name,
  isBelievable,
  noun,
  language,
}: InLanguage & { name?: string; isBelievable: boolean; noun: Noun }): VNode {
  const words = verifierWords(language);
  if (isBelievable && name) return <bdi>{name}</bdi>;
  return <span>{isBelievable ? words.untitled : words.unbelievable[noun]}</span>;
}

/** Without the sign, which the icon is; a number stays beside what it counts. */
const headline = (report: BadgeReport, language: 'fr' | 'en'): string =>
  inFrench(verdictText(report, language).slice(2), language).replace(/(\d) /g, '$1\u00a0');

/** The one check that decided, in a sentence. */
function sentence(report: BadgeReport, language: 'fr' | 'en'): string {
  const { verdict, format, badges } = report;
  const checks = report.checks.filter(({ name }) => !besideVerdict.includes(name));
  if (badges && nounOf(report) === 'presentation') return verifierWords(language).shownEach;
  if (badges && verdict !== 'authentic' && verdictOfItself(report) === 'authentic')
    return verifierWords(language).recordItself;
  const wrong = checks.filter(({ outcome }) => outcome === 'failed');
  // Of one that has expired besides, what the headline says is explained.
  const withdrawn = verdict === 'withdrawn' ? wrong.find(({ name }) => name === 'status') : undefined;
  const deciding = withdrawn ?? wrong[0] ?? checks.find(({ outcome }) => outcome === 'unknown');
  if (verdict !== 'authentic' && deciding) return inFrench(textIn(deciding.detail, language), language);
  return format ? `${textIn(format.text, language)}.` : '';
}
