import { type BadgeCard, badgeCardPng, badgeCardSvg, cardSize } from './badge-card.js';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><circle cx="200" cy="200" r="190" fill="#0b5563"/></svg>';

const aCard = (given: Partial<BadgeCard> = {}): BadgeCard => ({
  picture,
  title: "La prise en main de l'ordinateur",
  issuer: 'Atelier Exemple',
  host: 'badges.example.org',
  language: 'fr',
  ...given,
});

const letters = (svg: string): number =>
  svg.match(/<path transform="translate\(-?[\d.]+ -?[\d.]+\)" d=/g)!.length;

describe('the card of a badge', () => {
  it('is 1200 × 630 pixels and at most 300 kB, also with long texts', () => {
    const long = 'Communiquer et échanger sur Internet via un message électronique, '.repeat(5);
    for (const card of [aCard(), aCard({ title: long, issuer: long, language: 'en' })]) {
      const png = badgeCardPng(card);
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([cardSize.width, cardSize.height]);
      expect(png.length).toBeLessThan(300_000);
      expect(png.length).toBeGreaterThan(15_000);
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

  it('draws titles and issuers in Arabic, Cyrillic and Vietnamese letters', () => {
    const rest = letters(badgeCardSvg(aCard({ title: 'A', issuer: 'A' })));
    for (const text of ['حاسوب', 'Комп’ютер', 'Nguyễn'])
      expect(letters(badgeCardSvg(aCard({ title: text, issuer: 'A' })))).toBeGreaterThanOrEqual(rest + 4);
  });

  it('says "badge" for a title that no font has, and leaves out such an issuer', () => {
    const nothing = badgeCardSvg(aCard({ title: '电脑', issuer: '工作坊' }));
    expect(letters(nothing)).toBe(
      letters(badgeCardSvg(aCard({ title: 'Badge numérique', issuer: '工作坊' }))),
    );
    expect(letters(nothing)).toBeLessThan(letters(badgeCardSvg(aCard({ title: '电脑' }))));
  });
});
