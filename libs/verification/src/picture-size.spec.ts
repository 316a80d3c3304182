import { Resvg } from '@resvg/resvg-js';
import { PNG } from 'pngjs';
import { pictureSize } from './picture-size.js';

const png = (width: number, height: number): Buffer => PNG.sync.write(new PNG({ width, height }));

/** A JPEG's headers with one comment before the frame: SOI, APP0, COM, SOF0. */
const jpeg = (width: number, height: number, frame = 0xc0): Buffer => {
  const app0 = Buffer.from('ffe000104a46494600010100000100010000', 'hex');
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 7]), Buffer.from('hello')]);
  const sof = Buffer.from([
    0xff,
    frame,
    0,
    11,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    1,
    1,
    17,
    0,
  ]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), app0, comment, sof]);
};

describe('the size of a picture', () => {
  it.each([
    ['PNG', png(3, 5), { kind: 'png', width: 3, height: 5 }],
    ['baseline JPEG', jpeg(4000, 3000), { kind: 'jpeg', width: 4000, height: 3000 }],
    ['progressive JPEG', jpeg(640, 480, 0xc2), { kind: 'jpeg', width: 640, height: 480 }],
  ])('is read from the headers of a %s', (_, bytes, size) => {
    expect(pictureSize(bytes)).toEqual(size);
  });

  it('is what somebody else drew', () => {
    const drawn = new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="41" height="23"/>').render();
    expect(pictureSize(drawn.asPng())).toEqual({ kind: 'png', width: 41, height: 23 });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a PNG that is cut short', png(3, 5).subarray(0, 20)],
    ['a JPEG that is cut short', jpeg(4, 4).subarray(0, 24)],
    [
      'a JPEG whose segments lie',
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]), Buffer.alloc(40)]),
    ],
    [
      'a JPEG whose segment has no length',
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]), Buffer.alloc(40, 1)]),
    ],
  ])('is not read from %s', (_, bytes) => {
    expect(pictureSize(bytes)).toBeUndefined();
  });
});
