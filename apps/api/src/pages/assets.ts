import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { projectFile } from '#platform';

/** A file that the pages need; its path changes with its content, so it may be kept for ever. */
export interface PageAsset {
  /** Path on this host, e.g. '/assets/insigne-1a2b3c4d5e.css'. */
  path: string;
  contentType: string;
  body: Buffer;
}

/** For every asset's `Cache-Control`. */
export const assetCacheControl = 'public, max-age=31536000, immutable';

const fonts = [
  'atkinson-latin-400',
  'atkinson-latin-700',
  'atkinson-latin-ext-400',
  'atkinson-latin-ext-700',
];

const hashed = (name: string, extension: string, contentType: string, body: Buffer): PageAsset => ({
  path: `/assets/${name}-${createHash('sha256').update(body).digest('hex').slice(0, 10)}.${extension}`,
  contentType,
  body,
});

const read = (file: string): Buffer => readFileSync(projectFile('apps', 'api', 'assets', file));

interface PageAssets {
  stylesheet: PageAsset;
  icon: PageAsset;
  fonts: PageAsset[];
}

function load(): PageAssets {
  const fontFiles = fonts.map((name) => hashed(name, 'woff2', 'font/woff2', read(`${name}.woff2`)));
  let css = read('insigne.css').toString();
  for (const [index, name] of fonts.entries())
    css = css.replace(
      new RegExp(`url\\((['"]?)${name}\\.woff2\\1\\)`, 'g'),
      `url('${fontFiles[index]!.path}')`,
    );
  return {
    stylesheet: hashed('insigne', 'css', 'text/css; charset=utf-8', Buffer.from(withoutComments(css))),
    icon: hashed('icon', 'svg', 'image/svg+xml', read('icon.svg')),
    fonts: fontFiles,
  };
}

const withoutComments = (css: string): string =>
  css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\n\s*/g, '\n')
    .replace(/\n+/g, '\n');

const packaged = createRequire(import.meta.url);

// The script imports the reader of codes, and that its tables: each under its own hashed path.
function loadScripts(): [PageAsset, PageAsset, PageAsset] {
  const script = (name: string, text: string): PageAsset =>
    hashed(name, 'js', 'text/javascript; charset=utf-8', Buffer.from(text));
  const text = (file: string): string => readFileSync(packaged.resolve(file), 'utf8');
  const tables = script('qr', text('qr'));
  const reader = script(
    'qr-reader',
    text('qr/decode.js').replace("from './index.js'", `from '${tables.path}'`),
  );
  const own = read('verifier.js').toString().replace('qr-reader.js', reader.path);
  return [script('verifier', own), reader, tables];
}

let scripts: ReturnType<typeof loadScripts> | undefined;

/** The script of the verifier's page, read once: the camera, where there is one. */
export function verifierScript(): PageAsset {
  scripts ??= loadScripts();
  return scripts[0];
}

let loaded: PageAssets | undefined;

/** The stylesheet, the icon and the fonts, read once. */
export function pageAssets(): PageAssets {
  loaded ??= load();
  return loaded;
}

/** Every asset in one list, to serve under its `path` with its `contentType` and `assetCacheControl`. */
export function allPageAssets(): PageAsset[] {
  scripts ??= loadScripts();
  return [pageAssets().stylesheet, pageAssets().icon, ...pageAssets().fonts, ...scripts];
}
