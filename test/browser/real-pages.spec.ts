import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { filmOfCode } from '../support/camera-film.js';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { origin } from '../support/issuance-world.js';
import {
  inTab,
  nextFocus,
  reachable,
  seriousFindings,
  tooWideAt,
  unfold,
  weightOf,
} from './browser-checks.js';
import { type RealSite, startRealSite } from './real-site.js';

const fixed = {
  home: '/',
  issuer: '/issuers/chantier-exemple',
  frameworks: '/frameworks',
  framework: '/frameworks/crcn/2019',
  competency: '/frameworks/crcn/2019/5.2',
  docs: '/api/docs',
};

describeWith('chromium', 'every public page, from a real database', () => {
  let site: RealSite;
  let browser: Browser;
  let pages: [name: string, path: string][];

  beforeAll(async () => {
    [site, browser] = await Promise.all([startRealSite(), launchChromium()]);
    pages = Object.entries({ ...fixed, ...site.paths });
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const open = (page: Page, path: string, language = 'fr') =>
    page.goto(`${site.url}${path}?lang=${language}`);

  it.each(['fr', 'en'])(
    'never scrolls sideways, on a phone, a tablet or a desk, in %s',
    async (language) => {
      await inTab(browser, 360, {}, async (page) => {
        for (const [name, path] of pages) {
          const answer = await open(page, path, language);
          await unfold(page);
          expect({
            name,
            status: answer!.status(),
            language: await page.getAttribute('html', 'lang'),
            tooWide: await tooWideAt(page, [360, 768, 1280]),
          }).toEqual({ name, status: name === 'hidden' ? 404 : 200, language, tooWide: {} });
        }
      });
    },
    240_000,
  );

  it.each([
    [360, 'fr', 'light'],
    [1280, 'en', 'dark'],
  ] as const)(
    'reads well for everybody, %i pixels wide, in %s, on %s',
    async (width, language, colorScheme) => {
      await inTab(browser, width, { colorScheme }, async (page) => {
        for (const [name, path] of pages) {
          await open(page, path, language);
          // What developers read is long: all of it once, the second time as it stands when it is opened.
          if (name !== 'docs' || colorScheme === 'light') await unfold(page);
          expect({ name, findings: await seriousFindings(page) }).toEqual({ name, findings: [] });
        }
      });
    },
    240_000,
  );

  it('says what it found, without JavaScript, of the badges that are shown and of no other', async () => {
    await inTab(browser, 360, { javaScriptEnabled: false }, async (page) => {
      const verdict = async (path: string) => {
        await open(page, path);
        return page.locator('.verdict-word strong').textContent();
      };
      expect(await verdict(site.paths.shown)).toBe('Badge authentique');
      const text = await page.locator('main').innerText();
      expect(text).toContain('Une personne habilitée, qui animait l’atelier');
      expect(text).toContain('Interagir avec des individus');
      expect(text).not.toContain('Odile');
      expect(await verdict(site.paths.pathway)).toBe('Badge authentique');
      expect(await verdict(site.paths.withdrawn)).toBe('Badge retiré');
      await open(page, site.paths.hidden);
      const hidden = await page.content();
      await open(page, '/b/0123456789abcdefghjkmnpqrs');
      expect(await page.content()).toBe(hidden);
    });
  }, 120_000);

  it('lets the keyboard reach every link in the order of reading, with a visible focus', async () => {
    await inTab(browser, 360, {}, async (page) => {
      for (const [name, path] of pages.filter(([name]) => name !== 'docs')) {
        await open(page, path);
        const wanted = await reachable(page);
        expect(wanted.length).toBeGreaterThan(3);
        const reached: string[] = [];
        for (const _ of wanted) {
          const { href, outline, isOnScreen } = await nextFocus(page);
          reached.push(href);
          expect({ name, href, outline, isOnScreen }).toEqual({
            name,
            href,
            outline: 'solid 3',
            isOnScreen: true,
          });
        }
        expect({ name, reached }).toEqual({ name, reached: wanted });
      }
    });
  }, 120_000);

  it('asks nothing of another host, logs no error, and weighs at most 60 kB without the pictures, what developers read 75 kB', async () => {
    for (const [name, path] of pages) {
      await inTab(browser, 360, {}, async (page) => {
        const hosts = new Set<string>();
        const complaints: string[] = [];
        const addresses = new Set<string>();
        page.on('request', (request) => hosts.add(new URL(request.url()).origin));
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('response', (response) => {
          if (!(response.headers()['content-type'] ?? '').startsWith('image/')) addresses.add(response.url());
        });
        await page.goto(site.url + path, { waitUntil: 'load' });
        await page.evaluate('document.fonts.ready.then(() => undefined)');
        const weights = await Promise.all([...addresses].map(weightOf));
        const weight = weights.reduce((sum, bytes) => sum + bytes, 0);
        const most = name === 'docs' ? 75_000 : 60_000;
        const expected = complaints.filter((one) => name !== 'hidden' || !one.includes('404'));
        expect({ name, hosts: [...hosts], expected, tooHeavyBy: Math.max(0, weight - most) }).toEqual({
          name,
          hosts: [site.url],
          expected: [],
          tooHeavyBy: 0,
        });
      });
    }
  }, 120_000);

  it('reads a code that is held before the camera, and verifies the badge behind it', async () => {
    const film = filmOfCode(`${origin}${site.paths.shown}`);
    const seeing = await launchChromium([
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ]);
    try {
      await inTab(seeing, 360, { permissions: ['camera'] }, async (page) => {
        await open(page, '/verify', 'en');
        await page.click('[data-camera-button]');
        const verdict = page.locator('.verdict');
        await verdict.waitFor({ timeout: 110_000 });
        expect(await verdict.getAttribute('class')).toContain('verdict-authentic');
        expect(new URL(page.url()).pathname).toBe('/verify');
      });
    } finally {
      await seeing.close();
      rmSync(dirname(film), { recursive: true });
    }
  }, 120_000);

  it('gives a drawing in which another XML parser finds the very badges of both versions', async () => {
    const json = (path: string) => fetch(`${site.url}${path}`, { headers: { accept: 'application/json' } });
    const [svg, credential, assertion] = await Promise.all(
      ['.svg', '.json', '/ob2.json'].map(async (form) => (await json(`${site.paths.shown}${form}`)).text()),
    );
    await inTab(browser, 360, {}, async (page) => {
      const found = await page.evaluate((text) => {
        const drawing = new DOMParser().parseFromString(text, 'image/svg+xml');
        const of = (namespace: string, name: string) =>
          Array.from(drawing.getElementsByTagNameNS(namespace, name), (element) =>
            element.textContent?.trim(),
          );
        return {
          root: drawing.documentElement.localName,
          three: of('https://purl.imsglobal.org/ob/v3p0', 'credential'),
          two: Array.from(drawing.getElementsByTagNameNS('http://openbadges.org', 'assertion'), (element) =>
            element.getAttribute('verify'),
          ),
        };
      }, svg!);
      expect(found.root).toBe('svg');
      expect(found.three.map((text) => JSON.parse(text!))).toEqual([JSON.parse(credential!)]);
      expect(found.two).toEqual([(JSON.parse(assertion!) as { id: string }).id]);
    });
  }, 200_000);

  it('prints a badge on at most two sheets of A4, with its address in letters and as a code', async () => {
    await inTab(browser, 1280, {}, async (page) => {
      for (const path of [site.paths.shown, site.paths.pathway, site.paths.withdrawn]) {
        await open(page, path);
        const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
        const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length;
        expect({
          path,
          fits: sheets !== undefined && sheets <= 2,
        }).toEqual({ path, fits: true });
        await page.emulateMedia({ media: 'print' });
        expect(await page.locator('.print-check').innerText()).toContain(path);
        const code = (await page.locator('.print-check .qr').boundingBox())!;
        expect(code.width).toBeGreaterThan(90);
        await page.emulateMedia({ media: null });
      }
    });
  }, 120_000);
});
