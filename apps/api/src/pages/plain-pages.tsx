import type { VNode } from 'preact';
import { Icon } from './icons.js';
import { ActionLink, type InLanguage, PageHead } from './parts.js';
import type { HomePageView } from './view-models.js';
import { wording } from './wording.js';

/** What Insigne is, and where to go from here; it lists nothing private. */
export function HomePage({ language, home }: InLanguage & { home: HomePageView }): VNode {
  const words = wording(language).homePage;
  return (
    <article>
      <PageHead title={words.heading}>
        <p class="lead">{words.intro}</p>
        {home.pictures.length > 0 && (
          <div class="medals">
            {home.pictures.map((svg) => (
              <img key={svg} src={svg} alt="" width={112} height={112} />
            ))}
          </div>
        )}
      </PageHead>
      <ol class="steps">
        {words.steps.map((step) => (
          <li key={step.title}>
            <h2>{step.title}</h2>
            <p>{step.text}</p>
          </li>
        ))}
      </ol>
      <div class="callout">
        <h2>{words.haveBadge}</h2>
        <p>{words.haveBadgeHow}</p>
        <ActionLink href={`/verify?lang=${language}`}>{words.verify}</ActionLink>
      </div>
      <p class="notice">
        <Icon name="info" />
        <span>{words.privacy}</span>
      </p>
      <ActionLink href={home.frameworksHref}>{words.frameworks}</ActionLink>
      <ActionLink href={home.apiHref}>{words.api}</ActionLink>
    </article>
  );
}

/** The one page for a private, unknown, erased or foreign thing: it says nothing about which, and echoes nothing. */
export function NotFoundPage({ language }: InLanguage): VNode {
  const words = wording(language).notFound;
  return (
    <article>
      <PageHead title={words.heading}>
        <p class="lead">{words.text}</p>
        <p>{words.what}</p>
        <a class="button" href="/">
          {words.home}
        </a>
      </PageHead>
    </article>
  );
}

/** Nothing could be read or checked just now; never to be taken for a verdict. */
export function UnavailablePage({ language }: InLanguage): VNode {
  const words = wording(language).unavailable;
  return (
    <article>
      <PageHead title={words.heading}>
        <p class="lead">{words.text}</p>
        <p>{words.what}</p>
        <a class="button" href={`?lang=${language}`}>
          {words.retry}
        </a>
      </PageHead>
    </article>
  );
}
