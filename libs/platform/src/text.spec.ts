import fc from 'fast-check';
import { languageOf, textIn } from './text.js';

const words = fc.option(fc.string(), { nil: undefined });
const language = fc.constantFrom('fr' as const, 'en' as const);

describe('a text for people', () => {
  it('is in the wanted language, else in the other one, else empty', () => {
    expect(textIn({ fr: 'oui', en: 'yes' }, 'fr')).toBe('oui');
    expect(textIn({ fr: 'oui', en: 'yes' }, 'en')).toBe('yes');
    expect(textIn({ fr: 'oui' }, 'en')).toBe('oui');
    expect(textIn({ en: 'yes' }, 'fr')).toBe('yes');
    expect([textIn({}, 'fr'), textIn(null, 'fr'), textIn(undefined, 'en')]).toEqual(['', '', '']);
  });

  it('that is empty on purpose is not replaced by another language', () => {
    expect(textIn({ fr: '', en: 'yes' }, 'fr')).toBe('');
  });

  it('is marked with the language that it is really in', () => {
    fc.assert(
      fc.property(words, words, language, (fr, en, wanted) => {
        const text = { ...(fr !== undefined && { fr }), ...(en !== undefined && { en }) };
        const real = languageOf(text, wanted);
        if (fr !== undefined || en !== undefined) expect(text[real]).toBe(textIn(text, wanted));
        if (text[wanted] !== undefined) expect(real).toBe(wanted);
      }),
    );
  });
});
