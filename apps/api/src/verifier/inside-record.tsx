import type { VNode } from 'preact';
import { textIn } from '#platform';
import { type InsideReport, insideText } from '#verification';
import { Icon } from '../pages/icons.js';
import { type InLanguage, Section } from '../pages/parts.js';
import { inFrench } from './in-french.js';
import { ToldResults } from './told-results.js';
import { verifierWords } from './verifier-texts.js';

// A long record must not hide its one bad badge below fifty good ones.
const gravity: InsideReport['verdict'][] = [
  'not_authentic',
  'withdrawn',
  'cannot_check',
  'expired',
  'authentic',
];
const byGravity = (one: InsideReport, other: InsideReport): number =>
  gravity.indexOf(one.verdict) - gravity.indexOf(other.verdict);

/**
 * The badges of a record or a presentation, each with its own answer, the worst first. What a false one calls itself, or its issuer, is
 * not repeated.
 */
export function InsideRecord({
  badges,
  title,
  language,
}: InLanguage & { badges: InsideReport[]; title: string }): VNode {
  const words = verifierWords(language);
  return (
    <Section title={title}>
      <ul class="inside">
        {[...badges].sort(byGravity).map((badge, at) => (
          <li key={`${at} ${badge.id}`} class={`inside-${badge.verdict}`}>
            <Icon name={badge.verdict} />
            <div>
              <p class="inside-verdict">{insideText(badge, language).slice(2)}</p>
              {badge.verdict !== 'not_authentic' && (
                <p>
                  <strong>
                    <bdi>{badge.name ?? words.untitled}</bdi>
                  </strong>
                  {badge.by && (
                    <>
                      {' '}
                      – <bdi>{badge.by.name ?? badge.by.id}</bdi>
                    </>
                  )}
                </p>
              )}
              {badge.results && <ToldResults results={badge.results} language={language} />}
              {badge.verdict !== 'authentic' && (
                <p class="quiet">{inFrench(textIn(badge.detail, language), language)}</p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
