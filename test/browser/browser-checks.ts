import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const heights: Record<number, number> = { 320: 640, 360: 740, 768: 1024, 1280: 900 };

/** Opens one tab for the whole of `visit`; the tab and what it kept are gone afterwards. */
export async function inTab<T>(
  browser: Browser,
  width: number,
  more: BrowserContextOptions,
  visit: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width, height: heights[width]! }, ...more });
  try {
    return await visit(await context.newPage());
  } finally {
    await context.close();
  }
}

interface AxeFinding {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** What axe finds serious or worse on the page, by WCAG 2.2 A and AA, one line a finding. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })',
  )) as {
    violations: AxeFinding[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
}

/** Gives an open page another width, as somebody who turns a tablet does. */
export const resize = (page: Page, width: number): Promise<void> =>
  page.setViewportSize({ width, height: heights[width]! });

/** CSS pixels by which the open page is wider than its window, for each of these widths at which it is at all. */
export async function tooWideAt(page: Page, widths: number[]): Promise<Record<number, number>> {
  const found: Record<number, number> = {};
  for (const width of widths) {
    await resize(page, width);
    const excess = (await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )) as number;
    if (excess > 0) found[width] = excess;
  }
  return found;
}

export const unfold = (page: Page) =>
  page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');

/** Bytes on the line: fonts are compressed already, everything else goes through gzip. */
export async function weightOf(address: string): Promise<number> {
  const answer = await fetch(address);
  const body = Buffer.from(await answer.arrayBuffer());
  return answer.headers.get('content-type')?.startsWith('font/') ? body.length : gzipSync(body).length;
}

/** Everything a keyboard should reach, in the order of reading: links and folds that are not folded away. */
export const reachable = (page: Page) =>
  page.evaluate(
    `[...document.querySelectorAll('a[href], summary, button, input, select')].filter((one) => !one.closest('details:not([open])') || one.matches('details:not([open]) > summary')).map((one) => one.getAttribute('href') ?? one.localName)`,
  ) as Promise<string[]>;

/** Presses Tab once. @returns what has the focus, its outline, and whether it is on the screen */
export async function nextFocus(page: Page): Promise<{ href: string; outline: string; isOnScreen: boolean }> {
  await page.keyboard.press('Tab');
  return (await page.evaluate(
    `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => { const one = document.activeElement; const style = getComputedStyle(one); const box = one.getBoundingClientRect(); return { href: one.getAttribute('href') ?? one.localName, outline: style.outlineStyle + ' ' + parseFloat(style.outlineWidth), isOnScreen: box.left >= 0 && box.top >= 0 && box.bottom <= innerHeight + 1 }; })`,
  )) as { href: string; outline: string; isOnScreen: boolean };
}
