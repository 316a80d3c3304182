import { Resvg } from '@resvg/resvg-js';
import QRCode from 'qrcode';
import { badgeOfFile, verifyBadge } from '#verification';
import { aBadge, keys, now, origin, signed, signedJwt } from '../world.js';
import { changed, corpusWeb, type Family, type Fault, type Handed, type Told } from './family.js';

const address = `${origin}/b/k7Qm2xR9`;

/** A photo of a printed code: small and turned a little, on a coloured ground. */
async function photo(text: string): Promise<Buffer> {
  const code = await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M' });
  const placed = code.replace('<svg ', '<svg x="140" y="60" width="300" height="300" ');
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="450">
    <rect width="100%" height="100%" fill="#b9a88f"/><g transform="rotate(7 300 225)">${placed}</g></svg>`;
  return new Resvg(drawn).render().asPng();
}

/** The file is handed in as on the page: its code is read, what stands at the address is verified. */
const asFile = async ({ input, web }: Handed): Promise<Told> => {
  const fetcher = await corpusWeb(web);
  return verifyBadge(await badgeOfFile(input as Buffer, fetcher), { fetcher, now });
};

const behind = (page: () => Promise<unknown> | unknown) => async (): Promise<Handed> => ({
  input: await photo(address),
  web: { [address]: await page() },
});

const faults: Fault[] = [
  [
    'whose badge was changed after signing',
    'proof failed signature_wrong',
    behind(async () => changed(await signed(), 'name', 'Autre')),
  ],
  ['whose badge is unsigned', 'proof failed proof_missing', behind(() => aBadge())],
  [
    'whose badge is over',
    'dates failed expired',
    behind(() => signed(aBadge({ validUntil: '2026-11-21T00:00:00Z' }))),
  ],
  [
    'of a JWT with another key',
    'proof failed signature_wrong',
    behind(() => signedJwt(aBadge(), undefined, keys.otherRsa)),
  ],
  ['of a page of words', 'parse failed not_a_credential', behind(() => '<p>Hello</p>')],
];

export const photos: Family = {
  form: 'photo of a QR code',
  verify: asFile,
  original: behind(() => signed()),
  faults,
};
