import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Language } from '#platform';
import { pageAssets } from './assets.js';
import { fill, wording } from './wording.js';

/** What a whole page needs beside its content. */
export interface PageFrame {
  language: Language;
  /** Title of the page, without the name of the service. */
  title: string;
  /** Search engines may list the page; false unless said. */
  isIndexable?: boolean;
  /** What other sites show of a link to this page. Leave out where nothing may be told (not found, unavailable). */
  preview?: {
    /** Absolute address of the page. */
    url: string;
    title: string;
    /** Without the learner's name. */
    description: string;
    /** Absolute address of a PNG, with its size in pixels. */
    image?: { url: string; alt: string; width: number; height: number };
  };
}

const ogLocale: Record<Language, string> = { fr: 'fr_FR', en: 'en_GB' };

/**
 * A whole HTML document around a page's content. The language link is relative ('?lang=en'), so it keeps the
 * address without repeating it: the not-found page is the same bytes for every address.
 */
export function renderPage(content: VNode, frame: PageFrame): string {
  return `<!doctype html>${renderToString(<Document content={content} frame={frame} />)}\n`;
}

function Document({ content, frame }: { content: VNode; frame: PageFrame }): VNode {
  const { language, title } = frame;
  const words = wording(language);
  const other: Language = language === 'fr' ? 'en' : 'fr';
  const { stylesheet, icon, fonts } = pageAssets();
  return (
    <html lang={language} dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – ${words.brand}`}</title>
        <meta name="color-scheme" content="light dark" />
        {!frame.isIndexable && <meta name="robots" content="noindex, nofollow" />}
        <Preview frame={frame} />
        {fonts.slice(0, 2).map((font) => (
          <link
            key={font.path}
            rel="preload"
            href={font.path}
            as="font"
            type="font/woff2"
            crossorigin="anonymous"
          />
        ))}
        <link rel="stylesheet" href={stylesheet.path} />
        <link rel="icon" href={icon.path} type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        <header class="top">
          <nav aria-label={words.mainNavigation}>
            <a class="brand" href="/">
              <img src={icon.path} alt="" width={32} height={32} />
              <span>{words.brand}</span>
            </a>
            <a class="switch" href={`?lang=${other}`} lang={other} hreflang={other}>
              {words.otherLanguage}
            </a>
          </nav>
        </header>
        <main id="content" tabIndex={-1}>
          {content}
        </main>
        <footer class="bottom">
          <p>
            {words.footer} {words.footerPrivacy}
          </p>
          <nav aria-label={words.more}>
            <a class="action" href="/verify">
              {words.verify}
            </a>
            <a class="action" href="/frameworks">
              {words.frameworks}
            </a>
            <a class="action" href="/audit">
              {words.audit}
            </a>
          </nav>
        </footer>
      </body>
    </html>
  );
}

function Preview({ frame: { preview, language } }: { frame: PageFrame }): VNode | null {
  if (!preview) return null;
  const { image } = preview;
  return (
    <>
      <meta name="description" content={preview.description} />
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={wording(language).brand} />
      <meta property="og:title" content={preview.title} />
      <meta property="og:description" content={preview.description} />
      <meta property="og:url" content={preview.url} />
      <meta property="og:locale" content={ogLocale[language]} />
      {image && (
        <>
          <meta property="og:image" content={image.url} />
          <meta property="og:image:type" content="image/png" />
          <meta property="og:image:width" content={String(image.width)} />
          <meta property="og:image:height" content={String(image.height)} />
          <meta property="og:image:alt" content={image.alt} />
          <meta
            name="twitter:card"
            content={image.width > image.height ? 'summary_large_image' : 'summary'}
          />
        </>
      )}
    </>
  );
}

/** Title of a badge page and of its preview: « Badge : … », 'Badge: …'. */
export const badgeTitle = (title: string, language: Language): string =>
  fill(language === 'fr' ? 'Badge\u00a0: {title}' : 'Badge: {title}', { title }).join('');

/** Headers of every page: nothing from elsewhere, no script, no frame, no address passed on. */
export const pageHeaders = ({ isIndexable = false } = {}): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  ...(isIndexable ? {} : { 'x-robots-tag': 'noindex, nofollow' }),
});
