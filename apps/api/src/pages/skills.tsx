import type { VNode } from 'preact';
import { languageOf, type Text, textIn } from '#platform';
import { Icon } from './icons.js';
import { type InLanguage, Words } from './parts.js';
import type { AlignmentView } from './view-models.js';
import { fill, wording } from './wording.js';

// What a badge says that somebody can do: on the badge's own page and on its class's.

/** What one can do, sign before each line. */
export function Criteria({
  criteria,
  language,
  ticked,
}: InLanguage & { criteria: Text[]; ticked: boolean }): VNode {
  return (
    <ul class={ticked ? 'criteria' : 'criteria criteria-plain'}>
      {criteria.map((criterion) => (
        <li key={textIn(criterion, language)}>
          <Icon name={ticked ? 'tick' : 'dot'} />
          <Words text={criterion} language={language} />
        </li>
      ))}
    </ul>
  );
}

/** The easy-to-read text: one sentence a line. */
export function EasyText({ text, language }: InLanguage & { text: Text }): VNode {
  const spoken = languageOf(text, language);
  return (
    <figure class="easy">
      <figcaption>{wording(language).skills.easy}</figcaption>
      <blockquote lang={spoken === language ? undefined : spoken}>
        {textIn(text, language)
          .split(/(?<=[.!?])\s+/)
          .map((sentence) => (
            <p key={sentence} dir="auto">
              {sentence}
            </p>
          ))}
      </blockquote>
    </figure>
  );
}

/** Competencies of a badge by framework, each with what it means and, where the badge states one, the level. */
export function Alignments({ alignments, language }: InLanguage & { alignments: AlignmentView[] }): VNode {
  const words = wording(language).levels;
  if (alignments.length === 0) return <p>{words.none}</p>;
  const groups = new Map<string, AlignmentView[]>();
  for (const one of alignments) {
    const key = `${one.frameworkVersion} ${textIn(one.framework, language)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return (
    <>
      {[...groups].map(([key, group]) => (
        <div key={key} class="framework-group">
          <h3>
            <Words text={group[0]!.framework} language={language} />
            <span class="quiet">, {fill(words.version, { version: group[0]!.frameworkVersion })}</span>
          </h3>
          <ul class="alignments">
            {group.map((alignment) => (
              <Alignment key={alignment.href} alignment={alignment} language={language} />
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

function Alignment({ alignment, language }: InLanguage & { alignment: AlignmentView }): VNode {
  const words = wording(language).levels;
  const { level, description } = alignment;
  return (
    <li>
      <a class="line" href={alignment.href}>
        <span class="code">{alignment.code}</span> <Words text={alignment.title} language={language} />
      </a>
      {level && (
        <p class="level">
          <strong>
            {fill(level.code ? words.level : words.levelOnly, {
              code: level.code,
              level: <Words text={level.name} language={language} />,
            })}
          </strong>
          {level.gloss && (
            <>
              {' '}
              <Words text={level.gloss} language={language} />
            </>
          )}
        </p>
      )}
      {description && textIn(description, language) !== '' && (
        <p class="quiet">
          <Words text={description} language={language} />
        </p>
      )}
    </li>
  );
}
