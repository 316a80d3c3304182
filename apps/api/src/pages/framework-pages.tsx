import type { VNode } from 'preact';
import { textIn } from '#platform';
import type { FrameworkPageView, FrameworkSummaryView } from './framework-views.js';
import { ActionLink, Facts, type InLanguage, Links, PageHead, Section, When, Words } from './parts.js';
import { fill, wording } from './wording.js';

/** Every framework that can be cited, with its version. */
export function FrameworkListPage({
  frameworks,
  language,
}: InLanguage & { frameworks: FrameworkSummaryView[] }): VNode {
  const words = wording(language).framework;
  return (
    <article>
      <PageHead title={words.listHeading}>
        <p class="lead">{words.listIntro}</p>
      </PageHead>
      {frameworks.length === 0 && <p>{words.none}</p>}
      <ul class="shelf">
        {frameworks.map((framework) => (
          <li key={framework.href}>
            <h2>
              <a class="line" href={framework.href}>
                <Words text={framework.title} language={language} />
              </a>
            </h2>
            <p>
              <bdi>{framework.publisher}</bdi>
            </p>
            <p class="quiet">
              {fill(wording(language).levels.version, { version: framework.version })},{' '}
              {framework.competencyCount === 1
                ? words.countOne
                : fill(words.count, { count: String(framework.competencyCount) })}
            </p>
          </li>
        ))}
      </ul>
    </article>
  );
}

/** Licences by their SPDX identifier, as people call them. */
const licenceNames = new Map([
  ['etalab-2.0', 'Licence Ouverte 2.0 (Etalab)'],
  ['CC-BY-4.0', 'Creative Commons Attribution 4.0 (CC BY 4.0)'],
]);

/** One version of a framework: its areas and competences, its levels, where it comes from. */
export function FrameworkPage({ framework, language }: InLanguage & { framework: FrameworkPageView }): VNode {
  const words = wording(language).framework;
  return (
    <article>
      <PageHead kind={words.kind} title={<Words text={framework.title} language={language} />} />
      <Section title={words.about}>
        <Facts
          facts={[
            [words.publisher, <bdi>{framework.publisher}</bdi>],
            [words.version, framework.version],
            [
              words.issued,
              framework.issued &&
                (/^\d{4}-\d{2}-\d{2}$/.test(framework.issued) ? (
                  <When date={framework.issued} language={language} />
                ) : (
                  framework.issued
                )),
            ],
          ]}
        />
      </Section>
      <Section title={words.areas}>
        <ol class="areas">
          {framework.areas.map((area) => (
            <li key={area.href}>
              <h3>
                <a class="line" href={area.href}>
                  <span class="code">{area.code}</span> <Words text={area.title} language={language} />
                </a>
              </h3>
              {area.children.length > 0 && <Links links={area.children} language={language} />}
            </li>
          ))}
        </ol>
      </Section>
      {framework.levels.length > 0 && (
        <Section title={words.levels}>
          <dl class="levels">
            {framework.levels.map((level) => (
              <div key={level.code}>
                <dt>
                  <span class="code">{level.code}</span> <Words text={level.name} language={language} />
                </dt>
                {level.description && textIn(level.description, language) !== '' && (
                  <dd>
                    <Words text={level.description} language={language} />
                  </dd>
                )}
              </div>
            ))}
          </dl>
        </Section>
      )}
      <Section title={words.licence}>
        {framework.licence.spdx && (
          <p>{licenceNames.get(framework.licence.spdx) ?? framework.licence.spdx}</p>
        )}
        {framework.licence.attribution && (
          <p>
            <bdi>{framework.licence.attribution}</bdi>
          </p>
        )}
        {framework.provenance.length > 0 && (
          <details class="notes">
            <summary>{words.notes}</summary>
            <p class="quiet">{words.notesHow}</p>
            <ul class="plain quiet">
              {framework.provenance.map((statement) => (
                <li key={textIn(statement, language)}>
                  <Words text={statement} language={language} />
                </li>
              ))}
            </ul>
          </details>
        )}
        {framework.jsonHref && (
          <ActionLink href={framework.jsonHref}>{wording(language).achievement.json}</ActionLink>
        )}
      </Section>
      {framework.otherVersions.length > 0 && (
        <Section title={words.otherVersions}>
          <Links
            links={framework.otherVersions.map(({ version, href }) => ({
              href,
              title: { [language]: version },
            }))}
            language={language}
          />
        </Section>
      )}
    </article>
  );
}
