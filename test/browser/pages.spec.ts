import type { FastifyInstance } from 'fastify';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import {
  nextFocus,
  inTab as openTab,
  reachable,
  resize,
  seriousFindings,
  tooWideAt,
  unfold,
  weightOf,
} from './browser-checks.js';
import { samplePages, startSampleSite } from './sample-site.js';

const paths = Object.keys(samplePages);
const verdicts = [
  'authentic',
  'expired',
  'withdrawn',
  'suspended',
  'replaced',
  'cannot_check',
  'not_authentic',
].map((name) => `/b/${name}`);
const languages = ['fr', 'en'] as const;
// What axe looks at hardly depends on both at once: each page has its turn in each language and each scheme, narrow
// and wide. It costs half a second a page.
const turns = [
  { language: 'fr', colorScheme: 'light', widths: [360] },
  { language: 'en', colorScheme: 'dark', widths: [1280, 768] },
] as const;

describeWith('chromium', 'the public pages in a real browser', () => {
  let url: string;
  let site: FastifyInstance;
  let browser: Browser;

  beforeAll(async () => {
    ({ url, site } = await startSampleSite());
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const inTab = <T>(width: number, more: BrowserContextOptions, visit: (page: Page) => Promise<T>) =>
    openTab(browser, width, more, visit);

  describe.each(languages)('in %s', (language) => {
    it('never scroll sideways, from the narrowest phone to a desk', async () => {
      await inTab(1280, {}, async (page) => {
        for (const path of paths) {
          await page.goto(`${url}${path}?lang=${language}`);
          await unfold(page);
          expect({ path, tooWide: await tooWideAt(page, [320, 360, 768, 1280]) }).toEqual({
            path,
            tooWide: {},
          });
        }
      });
    }, 300_000);

    it('print on at most two sheets of A4', async () => {
      await inTab(1280, {}, async (page) => {
        for (const path of verdicts) {
          await page.goto(`${url}${path}?lang=${language}`);
          const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
          const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length;
          expect({ path, fits: sheets !== undefined && sheets <= 2 }).toEqual({ path, fits: true });
        }
      });
    }, 120_000);
  });

  it('are looked at by a check that does notice a fault', async () => {
    await inTab(360, {}, async (page) => {
      await page.setContent('<p style="color: #ccc; background: #fff">Too pale</p><img src="data:,">');
      const findings = (await seriousFindings(page)).join();
      expect(findings).toContain('color-contrast');
      expect(findings).toContain('image-alt');
      await page.setContent('<p style="width: 500px">Too wide</p>');
      expect(Object.keys(await tooWideAt(page, [360, 768]))).toEqual(['360']);
    });
  }, 120_000);

  it.each(turns)(
    'read well for everybody in $language, in the $colorScheme scheme',
    async (turn) => {
      const { language, colorScheme, widths } = turn;
      await inTab(widths[0], { colorScheme }, async (page) => {
        for (const [index, path] of paths.entries()) {
          const width = widths[index % widths.length]!;
          await resize(page, width);
          await page.goto(`${url}${path}?lang=${language}`);
          await unfold(page);
          expect({ path, width, findings: await seriousFindings(page) }).toEqual({
            path,
            width,
            findings: [],
          });
        }
      });
    },
    300_000,
  );

  it('show the verdict and the first sentence on a phone without scrolling', async () => {
    await inTab(360, {}, async (page) => {
      for (const path of [...verdicts, '/b/arabic', '/b/vietnamese', '/b/unnamed', '/b/pathway']) {
        await page.goto(url + path);
        const word = await page.locator('.verdict-word').boundingBox();
        const sentence = await page.locator('.verdict-sentence').boundingBox();
        expect(word!.y).toBeLessThan(120);
        expect(sentence!.y + sentence!.height).toBeLessThan(740);
      }
    });
  }, 120_000);

  it('let the keyboard reach every link in the order of reading, with a visible focus', async () => {
    await inTab(1280, {}, async (page) => {
      for (const path of [
        '/b/authentic',
        '/b/cannot_check',
        '/issuers/licorne',
        '/frameworks/crcn/2019/3.1',
        '/',
      ]) {
        await page.goto(url + path);
        const wanted = await reachable(page);
        const reached: string[] = [];
        for (let step = 0; step < wanted.length; step++) {
          const { href, outline, isOnScreen } = await nextFocus(page);
          reached.push(href);
          expect({ href, outline, isOnScreen }).toEqual({ href, outline: 'solid 3', isOnScreen: true });
        }
        expect({ path, reached }).toEqual({ path, reached: wanted });
      }
    });
  }, 120_000);

  it('skip to the content with the first key', async () => {
    await inTab(360, {}, async (page) => {
      await page.goto(`${url}/b/authentic`);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('content');
    });
  }, 120_000);

  it('give every standing link, button and fold at least 44 pixels of height', async () => {
    await inTab(360, {}, async (page) => {
      for (const path of paths) {
        await page.goto(url + path);
        await unfold(page);
        const small = await page.evaluate(
          `[...document.querySelectorAll('.action, .line, .button, .brand, .switch, .card, summary')].filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)`,
        );
        expect({ path, small }).toEqual({ path, small: [] });
      }
    });
  }, 120_000);

  it('work without JavaScript: read, unfold, change language', async () => {
    await inTab(360, { javaScriptEnabled: false }, async (page) => {
      await page.goto(`${url}/b/authentic`);
      expect(await page.locator('.verdict-word strong').textContent()).toBe('Badge authentique');
      await page.locator('summary').click();
      expect(await page.getByText('9f86d081884c').isVisible()).toBe(true);
      await page.locator('a.switch').click();
      expect(page.url()).toBe(`${url}/b/authentic?lang=en`);
      expect(await page.locator('.verdict-word strong').textContent()).toBe('Authentic badge');
    });
  }, 120_000);

  it('fetch nothing from another host, log no error, and weigh at most 60 kB without the picture', async () => {
    for (const path of [
      ...verdicts,
      '/b/vietnamese',
      '/b/long',
      '/issuers/licorne',
      '/frameworks/crcn/2019',
      '/',
    ]) {
      await inTab(360, {}, async (page) => {
        const hosts = new Set<string>();
        const complaints: string[] = [];
        const addresses = new Set<string>();
        page.on('request', (request) => hosts.add(new URL(request.url()).origin));
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('response', (response) => {
          const type = response.headers()['content-type'] ?? '';
          if (type.startsWith('image/')) return;
          addresses.add(response.url());
        });
        await page.goto(`${url}${path}`, { waitUntil: 'load' });
        await page.evaluate('document.fonts.ready.then(() => undefined)');
        // Weighed outside the browser, which may have let go of a body by now.
        const weights = await Promise.all([...addresses].map(weightOf));
        const weight = weights.reduce((sum, bytes) => sum + bytes, 0);
        expect({ path, hosts: [...hosts], complaints }).toEqual({ path, hosts: [url], complaints: [] });
        expect(weight).toBeGreaterThan(20_000);
        expect({ path, isLight: weight <= 60_000 }).toEqual({ path, isLight: true });
      });
    }
  }, 300_000);

  it('set names in the bundled font, and isolate a name written from right to left', async () => {
    await inTab(360, {}, async (page) => {
      await page.goto(`${url}/b/arabic`);
      await page.evaluate('document.fonts.ready.then(() => undefined)');
      await page.evaluate(
        `document.fonts.load('700 18px "Atkinson Hyperlegible Next"').then(() => undefined)`,
      );
      expect(await page.evaluate('document.fonts.check(\'700 18px "Atkinson Hyperlegible Next"\')')).toBe(
        true,
      );
      const direction = await page.evaluate(
        "getComputedStyle([...document.querySelectorAll('.verdict-sentence bdi')][1]).direction",
      );
      expect(direction).toBe('rtl');
      expect(
        await page.evaluate("getComputedStyle(document.querySelector('.verdict-sentence')).direction"),
      ).toBe('ltr');
    });
  }, 120_000);
});
