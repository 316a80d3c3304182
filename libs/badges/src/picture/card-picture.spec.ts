import { type BadgeCard, badgeCardPng, badgeCardSvg, cardSize } from './card-picture.js';

const aCard = (given: Partial<BadgeCard> = {}): BadgeCard => ({
  picture: { family: 'learner', area: '1', pictogram: 'computer', initials: 'AE' },
  title: "La prise en main de l'ordinateur",
  issuer: 'Atelier Exemple',
  host: 'badges.example.org',
  language: 'fr',
  ...given,
});

describe('the card of a badge', () => {
  it('is 1200 × 630 pixels and at most 300 kB, also with long texts', () => {
    const long = 'Communiquer et échanger sur Internet via un message électronique, '.repeat(5);
    for (const card of [aCard(), aCard({ title: long, issuer: long, language: 'en' })]) {
      const png = badgeCardPng(card);
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([cardSize.width, cardSize.height]);
      expect(png.length).toBeLessThan(300_000);
      expect(png.length).toBeGreaterThan(20_000);
    }
  });

  it('is the same bytes for the same card, and others for another title or language', () => {
    expect(badgeCardPng(aCard()).equals(badgeCardPng(aCard()))).toBe(true);
    expect(badgeCardSvg(aCard({ title: 'Mon CV' }))).not.toBe(badgeCardSvg(aCard()));
    expect(badgeCardSvg(aCard({ language: 'en' }))).not.toBe(badgeCardSvg(aCard()));
  });

  it('needs no font and points at nothing outside, whatever the texts hold', () => {
    const hostile = '<script>&"</svg><image href="https://elsewhere.example/x.png"/>';
    const svg = badgeCardSvg(aCard({ title: hostile, issuer: hostile }));
    expect(svg).not.toMatch(/<text|<image|<script|href|font-family|&/);
    expect(svg.match(/<svg /g)).toHaveLength(3);
  });

  it('leaves out an issuer whose script it cannot set, and says "badge" for such a title', () => {
    const svg = badgeCardSvg(aCard({ issuer: 'أمينة الطاهري', title: 'حاسوب' }));
    expect(svg.length).toBeLessThan(badgeCardSvg(aCard({ title: 'Badge numérique' })).length);
    expect(badgeCardPng(aCard({ issuer: 'أمينة', title: 'حاسوب' })).length).toBeGreaterThan(20_000);
  });
});
