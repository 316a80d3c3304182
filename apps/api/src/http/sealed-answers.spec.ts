import fc from 'fast-check';
import { SealedAnswers } from './sealed-answers.js';

const answers = new SealedAnswers('a secret of the tests, long enough for HS256');

describe('a kept answer', () => {
  it('is read again as it was, whatever it holds, and does not show it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 8 }), fc.string(), (text, place) => {
        const sealed = answers.seal(text, place);
        expect(answers.open(sealed, place)).toBe(text);
        expect(Buffer.from(sealed, 'base64').includes(Buffer.from(text))).toBe(false);
      }),
    );
  });

  it('is read by no other secret, at no other place, and not when a bit of it was changed', () => {
    const sealed = answers.seal('{"link":"secret"}', 'client key');
    expect(new SealedAnswers('another secret of the tests, as long as that').open(sealed, 'client key')).toBe(
      undefined,
    );
    expect(answers.open(sealed, 'client other')).toBeUndefined();
    const bytes = Buffer.from(sealed, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(answers.open(changed.toString('base64'), 'client key')).toBeUndefined();
    }
  });

  it('that is cut off is none', () => {
    for (const cut of ['', 'AAAA', answers.seal('x', '').slice(0, 20)])
      expect(answers.open(cut, '')).toBeUndefined();
  });
});
