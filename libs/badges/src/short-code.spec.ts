import fc from 'fast-check';
import { isPublicId, publicId } from '#platform';
import { readShortCode, shortCode } from './short-code.js';

describe('the short code of a badge', () => {
  it('is read back however it is typed', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), (flips) => {
        const id = publicId();
        const sloppy = [...shortCode(id)]
          .map((letter) => (flips.next().value ? letter.toUpperCase() : letter))
          .map((letter) => (letter === '0' && flips.next().value ? 'O' : letter))
          .map((letter) => (letter === '1' && flips.next().value ? 'L' : letter))
          .join('')
          .replaceAll('-', flips.next().value ? ' ' : '–');
        expect(readShortCode(sloppy)).toBe(id.slice(0, 12));
      }),
    );
  });

  it('is three groups of four', () => {
    expect(shortCode('0abcdefghjkmnpqrstvwxyz012')).toBe('0abc-defg-hjkm');
  });

  it('is no text of another length or with other letters', () => {
    const id = publicId();
    expect(isPublicId(id)).toBe(true);
    for (const other of [
      '',
      id,
      id.slice(0, 11),
      id.slice(0, 13),
      '0abc-defg-hjk!',
      'uuuu-uuuu-uuuu',
      '9abc-defg-hjkm',
    ])
      expect(readShortCode(other)).toBeNull();
  });
});
