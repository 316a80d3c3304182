import { cardSize } from '#documents';
import { type Language, textIn } from '#platform';
import { AchievementPage } from './achievement-page.js';
import { BadgePage } from './badge-page.js';
import { CompetencyPage } from './competency-page.js';
import { badgeTitle, renderPage } from './document.js';
import { FrameworkListPage, FrameworkPage } from './framework-pages.js';
import type { CompetencyPageView, FrameworkPageView, FrameworkSummaryView } from './framework-views.js';
import { IssuerPage } from './issuer-page.js';
import { HomePage, NotFoundPage, UnavailablePage } from './plain-pages.js';
import { shownVerdict } from './shown-verdict.js';
import type {
  AchievementPageView,
  BadgePageView,
  HomePageView,
  IssuerPageView,
  PictureView,
} from './view-models.js';
import { fill, longDate, wording } from './wording.js';

/** Where a page lives; `origin` has scheme and host without a final slash, `path` begins with one. */
export interface Address {
  origin: string;
  path: string;
}

const pictureSize = 800;
const absoluteImage = (picture: PictureView, origin: string, language: Language) => ({
  url: new URL(picture.png, origin).href,
  alt: textIn(picture.alt, language),
  width: pictureSize,
  height: pictureSize,
});

/** The public page of a badge; it says authentic only when every check passed. `isIndexable` only when the learner asked to be found by search engines. */
export function renderBadgePage(
  view: BadgePageView,
  language: Language,
  address: Address,
  isIndexable = false,
): string {
  const badge = { ...view, verdict: shownVerdict(view) };
  const title = badgeTitle(textIn(badge.title, language), language);
  const sentence = wording(language).verdict.authentic.anonymous;
  const description = fill(sentence, {
    issuer: badge.issuer.publicName,
    date: longDate(badge.issuedOn, language),
  }).join('');
  return renderPage(<BadgePage badge={badge} language={language} />, {
    language,
    title,
    isIndexable,
    // A preview is kept by others for long: only a badge that stands today gets one.
    preview:
      badge.verdict === 'authentic'
        ? {
            url: address.origin + address.path,
            title,
            description,
            image: {
              url: new URL(`${badge.cardHref}?lang=${language}`, address.origin).href,
              alt: title,
              ...cardSize,
            },
          }
        : undefined,
  });
}

export function renderAchievementPage(
  achievement: AchievementPageView,
  language: Language,
  address: Address,
): string {
  const title = badgeTitle(textIn(achievement.title, language), language);
  const description =
    textIn(achievement.description, language) || textIn(achievement.learnerText, language) || title;
  return renderPage(<AchievementPage achievement={achievement} language={language} />, {
    language,
    title,
    isIndexable: true,
    preview: {
      url: address.origin + address.path,
      title,
      description,
      image: absoluteImage(achievement.picture, address.origin, language),
    },
  });
}

export function renderIssuerPage(page: IssuerPageView, language: Language, address: Address): string {
  const title = page.issuer.publicName;
  const description = textIn(page.description, language) || wording(language).issuerPage.kind;
  return renderPage(<IssuerPage page={page} language={language} />, {
    language,
    title,
    isIndexable: true,
    preview: { url: address.origin + address.path, title, description },
  });
}

export const renderFrameworkListPage = (frameworks: FrameworkSummaryView[], language: Language): string =>
  renderPage(<FrameworkListPage frameworks={frameworks} language={language} />, {
    language,
    title: wording(language).framework.listHeading,
    isIndexable: true,
  });

export const renderFrameworkPage = (framework: FrameworkPageView, language: Language): string =>
  renderPage(<FrameworkPage framework={framework} language={language} />, {
    language,
    title: textIn(framework.title, language),
    isIndexable: true,
  });

export const renderCompetencyPage = (competency: CompetencyPageView, language: Language): string =>
  renderPage(<CompetencyPage competency={competency} language={language} />, {
    language,
    title: `${competency.code} ${textIn(competency.title, language)}`,
    isIndexable: true,
  });

export const renderHomePage = (home: HomePageView, language: Language): string =>
  renderPage(<HomePage home={home} language={language} />, {
    language,
    title: wording(language).homePage.heading,
    isIndexable: true,
  });

/** Status 404: the same bytes for a private, unknown, erased or foreign thing. */
export const renderNotFoundPage = (language: Language): string =>
  renderPage(<NotFoundPage language={language} />, { language, title: wording(language).notFound.heading });

/** Status 503. */
export const renderUnavailablePage = (language: Language): string =>
  renderPage(<UnavailablePage language={language} />, {
    language,
    title: wording(language).unavailable.heading,
  });
