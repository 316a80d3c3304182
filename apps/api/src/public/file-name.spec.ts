import fc from 'fast-check';
import { named } from './file-name.js';

describe('the name of a file to take along', () => {
  it.each([
    [
      'La réalisation de mon CV.png',
      'La realisation de mon CV.png',
      'La%20r%C3%A9alisation%20de%20mon%20CV.png',
    ],
    [
      'L’œuvre : « été ».svg',
      "L'oeuvre - - ete -.svg",
      'L%E2%80%99%C5%93uvre%20-%20%C2%AB%20%C3%A9t%C3%A9%20%C2%BB.svg',
    ],
    ['شارة.png', '-.png', '%D8%B4%D8%A7%D8%B1%D8%A9.png'],
    ['../../etc/passwd', 'etc-passwd', 'etc-passwd'],
  ])('is readable in new programs and old ones: %s', (name, ascii, encoded) => {
    expect(named(name, { isDownload: true })).toBe(
      `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`,
    );
  });

  it('never breaks the header, whatever the badge is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (name, isDownload) => {
        expect(named(name, { isDownload })).toMatch(
          /^(attachment|inline); filename="[ !#$&-:<-[\]-~]*"; filename\*=UTF-8''[A-Za-z0-9\-._~!%]*$/,
        );
      }),
    );
  });
});
