import { allPageAssets, pageAssets } from './assets.js';

describe('the files of the pages', () => {
  it('name each other by addresses that are served', () => {
    const served = new Set(allPageAssets().map((asset) => asset.path));
    const named = [
      ...pageAssets()
        .stylesheet.body.toString()
        .matchAll(/url\((['"]?)([^'")]+)\1\)/g),
    ].map((m) => m[2]!);
    expect(named.length).toBeGreaterThanOrEqual(4);
    for (const address of named) expect(served).toContain(address);
  });

  it('have addresses that change with their content', () => {
    for (const { path } of allPageAssets())
      expect(path).toMatch(/^\/assets\/[a-z0-9-]+-[0-9a-f]{10}\.(css|js|svg|woff2)$/);
  });
});
