import { plainLevel } from './level-gloss.js';

describe('a level in plain words', () => {
  it.each(['crcn', 'digcomp-2.2'])('is told for the eight levels of %s, in both languages', (framework) => {
    const glosses = Array.from({ length: 8 }, (_, index) => plainLevel(framework, String(index + 1)));
    for (const language of ['fr', 'en'] as const) {
      const sentences = glosses.map((gloss) => gloss?.[language] ?? '');
      expect(new Set(sentences).size).toBe(8);
      for (const sentence of sentences) {
        expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
        expect(sentence.split(' ').length).toBeLessThanOrEqual(12);
      }
    }
  });

  it.each([
    ['crcn', '0'],
    ['crcn', '9'],
    ['crcn', '2 '],
    ['crcn', 'constructor'],
    ['digcomp-3.0', '2'],
    ['b2i-adultes-2012', '1'],
  ])('is not made up for %s level %s', (framework, level) => {
    expect(plainLevel(framework, level)).toBeUndefined();
  });
});
