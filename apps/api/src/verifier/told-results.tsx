import type { VNode } from 'preact';
import { textIn } from '#platform';
import { type ResultNote, resultText } from '#verification';
import { Icon } from '../pages/icons.js';
import type { InLanguage } from '../pages/parts.js';
import { inFrench } from './in-french.js';
import { plainText } from './seen-badge.js';
import { verifierWords } from './verifier-texts.js';

const weighty: ResultNote['code'][] = ['result_below_required', 'result_not_completed'];

/** The same under a heading, as a warning where it weighs. */
export function ResultsNotice({ results, language }: InLanguage & { results: ResultNote[] }): VNode {
  const isWeighty = results.some(({ code }) => weighty.includes(code));
  return (
    <div class={isWeighty ? 'notice warning results' : 'notice results'}>
      <Icon name="info" />
      <div>
        <strong>{verifierWords(language).results}</strong>
        <ToldResults results={results} language={language} />
      </div>
    </div>
  );
}

/** What should be known of the results of a badge: what it says itself, then what that means. */
export function ToldResults({ results, language }: InLanguage & { results: ResultNote[] }): VNode {
  return (
    <ul class="told-results">
      {results.map((note) => {
        const { name, said } = resultText(note, language);
        return (
          <li key={`${note.path} ${note.code}`}>
            <p>
              <strong>
                <bdi>{plainText(name)}</bdi>
              </strong>
              {said !== '' && (
                <>
                  {inFrench(language === 'fr' ? ' : ' : ': ', language)}
                  <bdi>{inFrench(plainText(said), language)}</bdi>
                </>
              )}
            </p>
            <p>{inFrench(textIn(note.detail, language), language)}</p>
          </li>
        );
      })}
    </ul>
  );
}
