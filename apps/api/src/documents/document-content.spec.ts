import { disposition } from './document-content.js';

describe('the name under which a document is saved', () => {
  it.each([
    [
      'Écrire - Zoé Œuvre',
      'inline; filename="Ecrire - Zoe uvre.pdf"',
      '%C3%89crire%20-%20Zo%C3%A9%20%C5%92uvre.pdf',
    ],
    ['محمد', 'inline; filename="insigne.pdf"', '%D9%85%D8%AD%D9%85%D8%AF.pdf'],
    ['a/../b\\c:"d"\r\nX: y', 'inline; filename="a .. b c d X y.pdf"', 'a%20..%20b%20c%20d%20X%20y.pdf'],
    ["l'été (1)*", 'inline; filename="l\'ete (1).pdf"', 'l%27%C3%A9t%C3%A9%20%281%29.pdf'],
  ])('of %j keeps letters and nothing that a header or a system reads otherwise', (name, plain, encoded) => {
    expect(disposition(name)).toBe(`${plain}; filename*=UTF-8''${encoded}`);
  });
});
