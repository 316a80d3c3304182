import { competency, framework, frameworks } from '../../../../test/browser/sample-frameworks.js';
import { achievement, issuerPage } from '../../../../test/browser/sample-views.js';
import { allPageAssets, pageAssets } from './assets.js';
import { pageHeaders } from './document.js';
import {
  renderAchievementPage,
  renderCompetencyPage,
  renderFrameworkListPage,
  renderFrameworkPage,
  renderHomePage,
  renderIssuerPage,
  renderNotFoundPage,
  renderUnavailablePage,
} from './render.js';

const address = { origin: 'https://badges.example.org', path: '/x' };
const home = { frameworksHref: '/frameworks', apiHref: '/api/docs', pictures: [] };

describe('every page', () => {
  const pages = (language: 'fr' | 'en'): [string, string][] => [
    ['achievement', renderAchievementPage(achievement, language, address)],
    ['issuer', renderIssuerPage(issuerPage, language, address)],
    ['framework list', renderFrameworkListPage(frameworks, language)],
    ['framework', renderFrameworkPage(framework, language)],
    ['competency', renderCompetencyPage(competency, language)],
    ['home', renderHomePage(home, language)],
    ['not found', renderNotFoundPage(language)],
    ['unavailable', renderUnavailablePage(language)],
  ];

  it.each([...pages('fr'), ...pages('en')])(
    'is one whole document with one heading, a language and a way around (%s)',
    (_, html) => {
      expect(html).toMatch(/^<!doctype html><html lang="(fr|en)" dir="ltr">/);
      expect(html.match(/<h1>/g)).toHaveLength(1);
      expect(html).toMatch(/<a class="skip" href="#content">/);
      expect(html).toMatch(/<a class="switch" href="\?lang=(fr|en)" lang="(fr|en)" hreflang="(fr|en)">/);
      expect(html).not.toMatch(/<script|<style|style=|undefined|\[object|\{[a-z]+\}/);
    },
  );

  it.each(['fr', 'en'] as const)('keeps the other language behind its own lang (%s)', (language) => {
    expect(renderFrameworkListPage(frameworks, language)).toContain(`<html lang="${language}"`);
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'names a licence it does not know as it is: %s',
    (spdx) => {
      const html = renderFrameworkPage({ ...framework, licence: { ...framework.licence, spdx } }, 'fr');
      expect(html).toContain(`<p>${spdx}</p>`);
    },
  );

  it('marks an English title on a French page', () => {
    expect(renderFrameworkListPage(frameworks, 'fr')).toContain('<bdi lang="en">DigComp: the European');
  });
});

describe('the not-found page', () => {
  it('is the same bytes every time and may not be indexed', () => {
    expect(renderNotFoundPage('fr')).toBe(renderNotFoundPage('fr'));
    expect(renderNotFoundPage('fr')).toContain('noindex, nofollow');
    expect(renderNotFoundPage('fr')).not.toContain('og:');
  });
});

describe('the issuer page', () => {
  it('tells which key is retired and from when a stolen key may not be believed', () => {
    const html = renderIssuerPage(issuerPage, 'en', address);
    expect(html).toMatch(/Retired on .*1 August 2026/);
    expect(html).toMatch(/Not to be trusted since .*28 July 2026/);
  });

  it.each([
    ['contact@licorne.example.org', 'contact@licorne.example.org'],
    ['a,b;c@licorne.example.org', 'a%2Cb%3Bc@licorne.example.org'],
    [
      'contact?bcc=autre%40example.org&subject=x@licorne.example.org',
      'contact%3Fbcc%3Dautre%2540example.org%26subject%3Dx@licorne.example.org',
    ],
    ['contact@licorne.example.org?cc=x,y#z', 'contact@licorne.example.org%3Fcc%3Dx%2Cy%23z'],
  ])('writes to one address and nobody else, without a header: %s', (email, wanted) => {
    const html = renderIssuerPage({ ...issuerPage, email }, 'en', address);
    const [, href] = /href="mailto:([^"]*)"/.exec(html)!;
    expect(href).toBe(wanted);
    const { pathname, search, hash } = new URL(`mailto:${href}`);
    expect([decodeURIComponent(pathname), search, hash]).toEqual([email, '', '']);
  });

  it('says that the badges of a closed structure stay verifiable', () => {
    const closed = { ...issuerPage, issuer: { ...issuerPage.issuer, closedOn: '2026-11-15' } };
    expect(renderIssuerPage(closed, 'fr', address)).toMatch(
      /Structure fermée le\u00a0.*15 novembre 2026.*Ses badges restent vérifiables/,
    );
  });
});

describe('the competency page', () => {
  it('shows both titles, the official address and the kind of each match', () => {
    const html = renderCompetencyPage(competency, 'fr');
    expect(html).toContain('<span lang="en">Developing text documents</span>');
    expect(html).toContain(competency.officialUri!);
    expect(html).toContain('Dit la même chose que');
  });

  it('says so when the publisher gave no address', () => {
    expect(renderCompetencyPage({ ...competency, officialUri: undefined }, 'fr')).toContain(
      'Pas d’adresse officielle',
    );
  });
});

describe('the assets', () => {
  it('carry their content in their name, and the stylesheet names the fonts so', () => {
    const css = pageAssets().stylesheet.body.toString();
    for (const { path } of allPageAssets())
      expect(path).toMatch(/^\/assets\/[a-z0-9-]+-[0-9a-f]{10}\.(css|js|svg|woff2)$/);
    for (const font of pageAssets().fonts) expect(css).toContain(`url('${font.path}')`);
    expect(css).not.toMatch(/url\('(?!\/assets\/)|@import|https?:/);
  });

  it('hold colours only as tokens', () => {
    const css = pageAssets().stylesheet.body.toString();
    const rules = css.replace(/:root \{[^}]*\}/g, '').replace(/@media print \{.*$/s, '');
    expect(rules.match(/#[0-9a-f]{3,8}\b|rgb\(/gi)).toBeNull();
  });
});

describe('the headers', () => {
  it('allow nothing but this host’s styles, pictures and fonts', () => {
    const policy = pageHeaders()['content-security-policy'];
    expect(policy).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self';/);
    expect(policy).not.toContain('script-src');
    expect(pageHeaders()['x-robots-tag']).toBe('noindex, nofollow');
    expect(pageHeaders({ isIndexable: true })['x-robots-tag']).toBeUndefined();
  });
});
