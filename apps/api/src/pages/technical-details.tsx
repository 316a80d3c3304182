import type { VNode } from 'preact';
import { Icon } from './icons.js';
import { Facts, type InLanguage } from './parts.js';
import type { BadgePageView } from './view-models.js';
import { fill, wording } from './wording.js';

/** Folded facts for people who check by hand or with another tool. */
export function TechnicalDetails({ badge, language }: InLanguage & { badge: BadgePageView }): VNode {
  const words = wording(language).technical;
  const { technical, forms } = badge;
  const files: [href: string | undefined, name: string][] = [
    [technical.jsonHref, words.json],
    [technical.jwtHref, words.jwt],
    [forms?.svgHref && `${forms.svgHref}?download&lang=${language}`, words.bakedSvg],
    [forms?.ob2Href && `${forms.ob2Href}?download`, words.ob2],
    [forms?.ob2SignedHref, words.ob2Signed],
    [forms ? undefined : badge.picture.png, words.png],
    [forms ? undefined : badge.picture.svg, words.svg],
  ];
  return (
    <details class="technical">
      <summary>{words.heading}</summary>
      <p class="quiet">{words.intro}</p>
      <Facts
        facts={[
          [
            words.domain,
            <>
              <code>{technical.origin}</code>
              <p class="quiet">{words.domainHow}</p>
            </>,
          ],
          [words.id, <code>{technical.id}</code>],
          [words.proofs, technical.proofs.join(', ')],
          [
            words.key,
            technical.keyHref ? (
              <a href={technical.keyHref}>
                <code>{technical.keyId}</code>
              </a>
            ) : (
              <code>{technical.keyId}</code>
            ),
          ],
          [words.hash, <code>{technical.sha256}</code>],
          [
            words.status,
            technical.status && (
              <>
                <a href={technical.status.listHref}>
                  <code>{technical.status.listHref}</code>
                </a>
                , {fill(words.statusIndex, { index: String(technical.status.index) })}
              </>
            ),
          ],
        ]}
      />
      <h3>{words.downloads}</h3>
      <ul class="files">
        {files.map(
          ([href, name]) =>
            href && (
              <li key={href}>
                <a class="action" href={href} download>
                  <Icon name="download" />
                  {name}
                </a>
              </li>
            ),
        )}
      </ul>
      {forms?.ob2Href && <p class="quiet">{words.ob2ForEmail}</p>}
      {forms && !forms.ob2Href && <p class="quiet">{words.noOb2}</p>}
      <h3>{words.elsewhere}</h3>
      <p>{words.elsewhereHow}</p>
    </details>
  );
}
