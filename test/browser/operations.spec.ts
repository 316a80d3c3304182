import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/describe-with.js';
import { anOperationsSite, type OperationsSite } from '../support/operations-site.js';

const languages = ['fr', 'en'] as const;
const widths = [320, 360, 768, 1280];

describeWith('chromium', 'the operations page in a real browser', () => {
  let site: OperationsSite;
  let browser: Browser;
  beforeAll(async () => {
    site = await anOperationsSite(true);
    browser = await launchChromium();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function inside(
    width: number,
    options: BrowserContextOptions,
    visit: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      locale: 'fr-FR',
      ...options,
    });
    try {
      const page = await context.newPage();
      await page.goto(site.url + (await site.link()));
      await page.locator('button.button').click();
      await page.waitForURL(/\/operations\?/);
      await visit(page);
    } finally {
      await context.close();
    }
  }

  async function seriousFindings(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate(
      'axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
    )) as { violations: { id: string; impact: string; nodes: { target: string[] }[] }[] };
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(' ')}`));
  }
  const unfold = (page: Page) =>
    page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');

  it.each(widths)(
    'reads well and never scrolls sideways, %i pixels wide, also in the dark',
    async (width) => {
      for (const [turn, colorScheme] of (['light', 'dark'] as const).entries())
        await inside(width, { colorScheme }, async (page) => {
          for (const [at, language] of languages.entries()) {
            await page.goto(`${site.url}/operations?lang=${language}`);
            await unfold(page);
            const tooWide = await page.evaluate(
              'document.documentElement.scrollWidth - document.documentElement.clientWidth',
            );
            expect({ language, tooWide }).toEqual({ language, tooWide: 0 });
            // A look that costs seconds: the languages take turns from scheme to scheme and from width to width.
            if ((at + turn + widths.indexOf(width)) % 2 === 1) continue;
            expect({ language, findings: await seriousFindings(page) }).toEqual({ language, findings: [] });
          }
        });
    },
    240_000,
  );

  it('reads well where one comes in and where one stays outside', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    try {
      const page = await context.newPage();
      for (const path of ['/operations', await site.link(), '/operations/enter/used'])
        for (const language of languages) {
          await page.goto(`${site.url}${path}?lang=${language}`);
          expect({ path, findings: await seriousFindings(page) }).toEqual({ path, findings: [] });
        }
    } finally {
      await context.close();
    }
  }, 120_000);

  it('works without script, from the link to the retry', async () => {
    await inside(360, { javaScriptEnabled: false }, async (page) => {
      const group = page.locator('.ops-letters > li').filter({ hasText: 'mandat' });
      expect(await group.count()).toBe(1);
      await group.getByRole('button', { name: 'Relancer ces 3 badges' }).click();
      const notice = page.getByRole('status');
      await notice.waitFor();
      expect(await notice.textContent()).toContain('3 relancés.');
      await page.reload();
      expect(await notice.count()).toBe(0);
      expect(await page.locator('.ops-letters > li').filter({ hasText: 'mandat' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Quitter' }).click();
      await page.waitForURL(/operations/);
      expect(await page.locator('h1').textContent()).toBe('Page réservée à qui exploite ce service');
    });
  }, 120_000);

  it('lets the keyboard reach every link and button, visibly, and gives each 44 pixels', async () => {
    await inside(360, {}, async (page) => {
      const wanted = (await page.evaluate(
        `[...document.querySelectorAll('main a[href], main button, main summary')].filter((one) => one.checkVisibility()).length`,
      )) as number;
      expect(wanted).toBeGreaterThan(6);
      const seen: string[] = [];
      for (let step = 0; step < wanted + 8 && seen.length < wanted; step += 1) {
        await page.keyboard.press('Tab');
        const [inMain, outline, height] = (await page.evaluate(
          `(() => { const one = document.activeElement; const style = getComputedStyle(one); return [Boolean(one.closest('main')) && one.id !== 'content', style.outlineStyle + ' ' + parseFloat(style.outlineWidth), one.getBoundingClientRect().height]; })()`,
        )) as [boolean, string, number];
        if (!inMain) continue;
        expect(outline).toBe('solid 3');
        expect(height).toBeGreaterThanOrEqual(44);
        seen.push(outline);
      }
      expect(seen).toHaveLength(wanted);
    });
  }, 120_000);

  it('asks nobody else for anything and logs no error', async () => {
    const hosts = new Set<string>();
    const complaints: string[] = [];
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      page.on('request', (request) => hosts.add(new URL(request.url()).origin));
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(site.url + (await site.link()));
      await page.locator('button.button').click();
      await page.waitForURL(/\/operations\?/);
      await page.waitForLoadState('load');
      expect({ hosts: [...hosts], complaints }).toEqual({ hosts: [site.url], complaints: [] });
    } finally {
      await context.close();
    }
  }, 120_000);
});
