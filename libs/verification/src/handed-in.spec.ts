import { Resvg } from '@resvg/resvg-js';
import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import { bakePng } from '#baking';
import { type Fetched, Fetcher, FetchFailed } from './fetcher.js';
import { badgeOfFile, badgeOfText, isAddress } from './handed-in.js';

const address = 'https://badges.example/b/k7Qm2xR9';
const badge = '{"a":"badge"}';

class OneBadge extends Fetcher {
  async fetch(url: string): Promise<Fetched> {
    if (url !== address) throw new FetchFailed('fetch_failed', 'does not answer');
    return { status: 200, contentType: 'application/ld+json', body: badge };
  }
}
const fetcher = new OneBadge();

const empty = (width = 8, height = 8): Buffer => PNG.sync.write(new PNG({ width, height }));

/** A photo of a code on a table: turned, small, on a coloured ground, as PNG. */
async function photo(text: string, { turned = 0, side = 1000, code = 300 } = {}): Promise<Buffer> {
  const svg = await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M' });
  const inner = svg.replace(
    '<svg ',
    `<svg x="${side / 3}" y="${side / 4}" width="${code}" height="${code}" `,
  );
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side * 0.75}">
    <rect width="100%" height="100%" fill="#b9a88f"/><circle cx="120" cy="90" r="70" fill="#324"/>
    <g transform="rotate(${turned} ${side / 2} ${side / 2})">${inner}</g></svg>`;
  return Buffer.from(new Resvg(picture).render().asPng());
}

const codeOf = (given: Promise<unknown>): Promise<string> =>
  given.then(
    () => 'no error',
    (error: { code?: string }) => error.code ?? String(error),
  );

describe('a text that is handed in', () => {
  it('is the badge itself, or what its address answers', async () => {
    expect(await badgeOfText(badge, fetcher)).toBe(badge);
    expect(await badgeOfText(` ${address}\n`, fetcher)).toBe(badge);
  });

  it('tells an address that does not answer', async () => {
    expect(await codeOf(badgeOfText('https://other.example/b/1', fetcher))).toBe('address_unreachable');
  });

  it.each(['eyJ.eyJ.sig', badge, 'https://a.example/ two words', 'ftp://a.example', 'javascript:alert(1)'])(
    'is no address: %s',
    (text) => expect(isAddress(text)).toBe(false),
  );
});

describe('an address that is handed in', () => {
  const at = (answer: Partial<Fetched>, others: Record<string, Partial<Fetched>> = {}) => {
    const pages: Record<string, Partial<Fetched>> = { [address]: answer, ...others };
    return new (class extends Fetcher {
      async fetch(url: string): Promise<Fetched> {
        const body = pages[url]?.bytes?.toString() ?? '';
        return { status: 200, contentType: '', body, ...pages[url] };
      }
    })();
  };
  const notice = (id: string, more = {}) => ({
    status: 410,
    body: JSON.stringify({ type: 'Assertion', id, revoked: true, ...more }),
  });

  it.each([
    ['a PNG', bakePng(empty(), badge, 'ob3'), 'image/png'],
    ['a PNG that calls itself a text', bakePng(empty(), badge, 'ob3'), 'text/plain'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
    ['a picture of another kind', Buffer.from([0x47, 0x49, 0x46, 0x38, 0xff]), 'image/gif'],
  ])('is read byte by byte when %s stands there', async (_, bytes, contentType) => {
    expect(await badgeOfText(address, at({ bytes, contentType }))).toEqual(bytes);
  });

  it('may be a picture of a code that leads to a badge, but not to one more without a badge', async () => {
    const next = 'https://badges.example/next';
    const picture = { bytes: await QRCode.toBuffer(next, { scale: 4 }), contentType: 'image/png' };
    expect(await badgeOfText(address, at(picture, { [next]: { body: badge } }))).toBe(badge);
    expect(await codeOf(badgeOfText(address, at(picture, { [next]: picture })))).toBe('no_badge_in_picture');
  });

  it.each([
    ['at the address itself', notice(address)],
    ['at another address of the host, as pictures have it', notice('https://badges.example/assertion/7')],
  ])('that withdrew its badge gives its notice: %s', async (_, answer) => {
    expect(await badgeOfText(address, at(answer))).toBe(answer.body);
  });

  it.each<[string, Partial<Fetched>]>([
    ['nothing', { status: 410 }],
    ['words', { status: 410, body: 'Gone' }],
    ['the notice of another host', notice('https://other.example/b/1')],
    ['no notice', notice(address, { revoked: false })],
    ['a notice of something else', notice(address, { type: 'BadgeClass' })],
    ['a notice without an address', notice('urn:uuid:0b1f0f0e-0000-4000-8000-00000000beef')],
  ])('that answers 410 with %s is told as gone', async (_, answer) => {
    expect(await codeOf(badgeOfText(address, at(answer)))).toBe('badge_gone');
  });

  it.each([404, 403, 500, 204])('is told when it answers %i', async (status) => {
    const answer = { ...notice(address), status };
    expect(await codeOf(badgeOfText(address, at(answer)))).toBe('address_unreachable');
  });
});

describe('a file that is handed in', () => {
  it('is the badge itself when it is a text or a picture with a badge inside', async () => {
    const baked = bakePng(empty(), badge, 'ob3');
    expect(await badgeOfFile(Buffer.from(badge), fetcher)).toEqual(Buffer.from(badge));
    expect(await badgeOfFile(baked, fetcher)).toBe(baked);
    expect(await badgeOfFile(Buffer.from(`${address}\n`), fetcher)).toBe(badge);
  });

  it('is the badge inside, whatever code is drawn on the picture', async () => {
    const baked = bakePng(await photo('https://evil.example'), badge, 'ob3');
    expect(await badgeOfFile(baked, fetcher)).toBe(baked);
  });

  it.each([
    ['straight', {}],
    ['turned by 20 degrees', { turned: 20 }],
    ['upside down', { turned: 180 }],
    ['small on a large photo', { side: 2400, code: 340 }],
  ])('is a photo of a QR code, %s', async (_, how) => {
    expect(await badgeOfFile(await photo(address, how), fetcher)).toBe(badge);
  });

  it('tells a picture with neither badge nor code, and a code without an address', async () => {
    expect(await codeOf(badgeOfFile(empty(300, 300), fetcher))).toBe('no_badge_in_picture');
    expect(await codeOf(badgeOfFile(await photo('only words'), fetcher))).toBe('qr_without_address');
    expect(await codeOf(badgeOfFile(await photo('https://other.example/x'), fetcher))).toBe(
      'address_unreachable',
    );
  });

  it('is refused before it is unpacked when it has too many pixels', async () => {
    const bomb = empty(8, 8);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const jpeg = Buffer.from('ffd8ffc0000b08ea60ea60010111000000', 'hex');
    expect(await codeOf(badgeOfFile(jpeg, fetcher))).toBe('picture_too_large');
    expect(await badgeOfFile(bomb, fetcher)).toBe(bomb);
  });

  it('is handed on when it is no sound picture, so that the verification says why', async () => {
    const cut = bakePng(empty(), badge, 'ob3').subarray(0, 60);
    expect(await badgeOfFile(cut, fetcher)).toBe(cut);
  });
});
