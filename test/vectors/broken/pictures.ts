import { bakePng, bakeSvg } from '#baking';
import { anAssertion, assertionUrl } from '../ob2-world.js';
import { aPng } from '../pictures.js';
import { aBadge, keys, signed, signedJwt } from '../world.js';
import { changed, type Family, type Handed } from './family.js';

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>';
const json = async (): Promise<string> => JSON.stringify(await signed());
const png = async (): Promise<Buffer> => bakePng(aPng(), await json(), 'ob3');
const bytes = (change: (png: Buffer) => Buffer) => async (): Promise<Handed> => ({
  input: change(await png()),
});
const flipped = (buffer: Buffer, at: number): Buffer => {
  const copy = Buffer.from(buffer);
  copy[at] = copy[at]! ^ 1;
  return copy;
};
const chunkAt = (buffer: Buffer, type: string): number => buffer.indexOf(type, 0, 'latin1') - 4;
const chunkOf = (buffer: Buffer, type: string): Buffer => {
  const at = chunkAt(buffer, type);
  return buffer.subarray(at, at + 12 + buffer.readUInt32BE(at));
};

export const pngs: Family = {
  form: 'PNG',
  original: async () => ({ input: await png() }),
  faults: [
    ['without a badge', 'parse failed nothing_baked', () => ({ input: aPng() })],
    ['cut after its first bytes', 'parse failed picture_broken', bytes((all) => all.subarray(0, 60))],
    ['cut before its end', 'parse failed picture_broken', bytes((all) => all.subarray(0, all.length - 12))],
    [
      'a bit of the badge turned',
      'parse failed picture_broken',
      bytes((all) => flipped(all, chunkAt(all, 'iTXt') + 80)),
    ],
    [
      'a bit of the picture turned',
      'parse failed picture_broken',
      bytes((all) => flipped(all, chunkAt(all, 'IDAT') + 12)),
    ],
    [
      'the badge twice',
      'parse failed baked_twice',
      bytes((all) => {
        const at = chunkAt(all, 'iTXt');
        return Buffer.concat([all.subarray(0, at), chunkOf(all, 'iTXt'), all.subarray(at)]);
      }),
    ],
    [
      'a length beyond the file',
      'parse failed picture_broken',
      bytes((all) => {
        const copy = Buffer.from(all);
        copy.writeUInt32BE(0x7fffffff, chunkAt(all, 'iTXt'));
        return copy;
      }),
    ],
    [
      'without its first chunk',
      'parse failed picture_broken',
      bytes((all) => Buffer.concat([all.subarray(0, 8), all.subarray(33)])),
    ],
    [
      'a changed badge inside',
      'proof failed signature_wrong',
      async () => ({
        input: bakePng(aPng(), JSON.stringify(changed(await signed(), 'name', 'Autre')), 'ob3'),
      }),
    ],
    [
      'a JWT of another key inside',
      'proof failed signature_wrong',
      () => ({
        input: bakePng(aPng(), signedJwt(aBadge(), undefined, keys.otherRsa), 'ob3'),
      }),
    ],
    [
      'an address that does not answer',
      'parse unknown address_unreachable',
      () => ({
        input: bakePng(aPng(), assertionUrl, 'ob2'),
        web: { [assertionUrl]: undefined },
      }),
    ],
    [
      'an assertion that was withdrawn',
      'status failed revoked',
      () => ({
        input: bakePng(aPng(), JSON.stringify(anAssertion()), 'ob2'),
        web: { [assertionUrl]: 410 },
      }),
    ],
    [
      'another picture format',
      'parse failed not_a_credential',
      () => ({ input: Buffer.from('GIF89a......') }),
    ],
  ],
};

const svgWith = (change: (text: string) => string) => async (): Promise<Handed> => ({
  input: change(bakeSvg(svg, await json(), 'ob3')),
});

export const svgs: Family = {
  form: 'SVG',
  original: svgWith((text) => text),
  faults: [
    ['without a badge', 'parse failed nothing_baked', () => ({ input: svg })],
    ['cut', 'parse failed picture_broken', svgWith((text) => text.slice(0, text.length - 20))],
    [
      'the badge twice',
      'parse failed baked_twice',
      svgWith((text) => {
        const element = /<openbadges:credential[\s\S]*<\/openbadges:credential>/.exec(text)![0];
        return text.replace(element, `${element}${element}`);
      }),
    ],
    [
      'a changed badge inside',
      'proof failed signature_wrong',
      svgWith((text) => text.replace('Joint un fichier', 'Envoie un fichier')),
    ],
    [
      'entities of its own',
      'parse failed picture_broken',
      svgWith((text) => `<!DOCTYPE svg [<!ENTITY a "b">]>${text}`),
    ],
    [
      'bytes that are no UTF-8',
      'parse failed picture_broken',
      async () => {
        const { input } = await svgWith((text) => text)();
        return { input: Buffer.concat([Buffer.from(input as string), Buffer.from([0xff])]) };
      },
    ],
  ],
};
