import fc from 'fast-check';
import { EndorsementRefused } from './endorsement-errors.js';
import { cleanComment, cleanEndorserName, cleanEndorserUrl, longestComment } from './endorsement-words.js';

const why = (make: () => unknown): string | undefined => {
  try {
    make();
    return undefined;
  } catch (error) {
    if (error instanceof EndorsementRefused) return `${error.field} ${error.why}`;
    throw error;
  }
};
const plain = 'Ce badge correspond à ce que nous attendons.';

describe('the words of an endorsement', () => {
  it('keep accents, other scripts and paragraphs, and lose white space around them', () => {
    expect(cleanComment(`  ${plain}\r\n\r\nمرحبا بكم في ورشتنا\n`)).toBe(`${plain}\n\nمرحبا بكم في ورشتنا`);
    expect(cleanComment('Cafe\u0301 numérique, vingt lettres.')).toBe('Café numérique, vingt lettres.');
  });

  it.each([
    ['Trop court.', 'comment too_short'],
    ['é'.repeat(longestComment + 1), 'comment too_long'],
    [`${plain}\tun tabulateur`, 'comment control_character'],
    [`${plain}\u0000`, 'comment control_character'],
    [`${plain}\u0085`, 'comment control_character'],
    [`${plain}\u202Ertl`, 'comment control_character'],
    [`${plain}\uD800`, 'comment control_character'],
    [`${plain} https://spam.example`, 'comment has_link'],
    [`${plain} www.spam.example`, 'comment has_link'],
    [`${plain} [gagnez](ici)`, 'comment has_link'],
    [`${plain} jean@exemple.example`, 'comment has_contact'],
    [`${plain} 06 00 00 00 00`, 'comment has_contact'],
  ])('refuse %j', (comment, expected) => {
    expect(why(() => cleanComment(comment))).toBe(expected);
  });

  it('are either refused or the same when they are cleaned again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 20, maxLength: 200 }), (given) => {
        let once: string;
        try {
          once = cleanComment(given);
        } catch (error) {
          expect(error).toBeInstanceOf(EndorsementRefused);
          return;
        }
        expect(cleanComment(once)).toBe(once);
        expect(once).not.toMatch(/\t|\r/);
      }),
    );
  });

  it('come with one line of a name and a site of https, or none', () => {
    expect(cleanEndorserName(' Ville d’Exemple ')).toBe('Ville d’Exemple');
    expect(why(() => cleanEndorserName(' '))).toBe('name missing');
    expect(why(() => cleanEndorserName('Deux\nlignes'))).toBe('name control_character');
    expect(why(() => cleanEndorserName('x'.repeat(121)))).toBe('name too_long');
    expect(why(() => cleanEndorserName('a@b.example'))).toBe('name has_contact');
    expect([cleanEndorserUrl(''), cleanEndorserUrl(undefined)]).toEqual([null, null]);
    expect(cleanEndorserUrl('https://ville.example')).toBe('https://ville.example/');
    for (const bad of [
      'ville.example',
      'http://ville.example',
      'javascript:alert(1)',
      'https://a:b@c.example',
      'https://x',
    ])
      expect(why(() => cleanEndorserUrl(bad))).toBe('url not_an_address');
  });
});
