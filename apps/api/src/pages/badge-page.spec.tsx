import fc from 'fast-check';
import { aBadge, badges } from '../../../../test/browser/sample-views.js';
import { renderBadgePage } from './render.js';
import type { BadgePageView, Verdict } from './view-models.js';

const address = { origin: 'https://badges.example.org', path: '/b/x' };
const page = (given: Partial<BadgePageView> = {}, language: 'fr' | 'en' = 'fr') =>
  renderBadgePage(aBadge(given), language, address);
/** The words of a page as a person reads them, folded spaces. */
const words = (html: string) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<\/?bdi\b[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/ ([.,])/g, '$1');

describe('the page of a badge', () => {
  it('answers first, then tells what, how, who, level, validity, evidence, limits and at last the technique', () => {
    const order = [
      'Badge authentique',
      'Délivré par Les Ateliers de la Licorne à Amina T. le 19 octobre 2026.',
      'Ce que sait faire Amina T.',
      'Saisit ses expériences',
      'Comment cela a été évalué',
      'Une personne habilitée, qui animait l’atelier',
      'Habilitation donnée par Les Ateliers de la Licorne, valable ce jour-là.',
      '12 octobre 2026, 2 h',
      'Vu par une personne.',
      'Qui l’a délivré',
      '123 456 789 00012',
      'Compétences reconnues',
      'Cadre de référence des compétences numériques (CRCN), version 2019',
      '3.1 Développer des documents textuels',
      'Niveau 2 (Novice) : Fait seul une action simple.',
      'Produire des documents à contenu majoritairement textuel',
      'Validité',
      'Preuve montrée par la personne',
      'Ce badge n’est pas un diplôme d’État.',
      'Nous n’avons pas vérifié l’identité',
      'Détails techniques',
      '9f86d081',
    ];
    const text = words(page());
    const places = order.map((part) => ({ part, at: text.indexOf(part) }));
    expect(places.filter(({ at }) => at < 0)).toEqual([]);
    expect(places.map(({ at }) => at)).toEqual(places.map(({ at }) => at).sort((a, b) => a - b));
  });

  it.each<[Verdict, string, string]>([
    ['authentic', 'Badge authentique', 'Authentic badge'],
    ['expired', 'Badge authentique, mais expiré', 'Authentic badge, but expired'],
    ['withdrawn', 'Badge retiré', 'Badge withdrawn'],
    ['cannot_check', 'Impossible à vérifier maintenant', 'Cannot be checked now'],
    ['not_authentic', 'Badge non authentique', 'Badge not authentic'],
  ])('says %s with a sign and a word, in both languages', (verdict, fr, en) => {
    for (const [language, word] of [
      ['fr', fr],
      ['en', en],
    ] as const) {
      const html = renderBadgePage(badges[verdict]!, language, address);
      expect(html).toMatch(
        new RegExp(`verdict-word"><svg class="icon"[^>]*>.*?</svg><strong>${word}</strong>`),
      );
    }
  });

  it.each<Verdict>(['withdrawn', 'cannot_check', 'not_authentic'])(
    'never says authentic alone when it is %s',
    (verdict) => {
      const text = words(renderBadgePage(badges[verdict]!, 'fr', address));
      expect(text).not.toContain('Badge authentique');
      expect(text).not.toContain('Ce que sait faire');
    },
  );

  it('says that a check could not be made, and offers to try again', () => {
    const html = renderBadgePage(badges.cannot_check!, 'fr', address);
    expect(words(html)).toContain('Nous ne savons pas si le badge est retiré.');
    expect(words(html)).toContain('Essai fait à l’instant');
    expect(html).toContain('<a class="button" href="?lang=fr">Vérifier de nouveau</a>');
  });

  it('repeats nothing of what a forged badge claims', () => {
    const text = words(renderBadgePage(badges.not_authentic!, 'fr', address));
    for (const claim of ['réalisation de mon CV', 'Amina', 'Licorne', 'Saisit', 'Novice', 'LinkedIn']) {
      expect(text).not.toContain(claim);
    }
    expect(text).toContain('La signature ne correspond pas au contenu.');
  });

  it('gives the date and a neutral reason of a withdrawal', () => {
    const text = words(renderBadgePage(badges.withdrawn!, 'fr', address));
    expect(text).toContain('a retiré ce badge le 3 novembre 2026.');
    expect(text).toContain('Raison : délivré par erreur.');
  });

  it('tells a suspension and a replacement apart from a withdrawal', () => {
    const withdrawn = { on: '2026-11-03', reason: { fr: 'vérification en cours', en: 'being checked' } };
    const suspended = words(page({ verdict: 'withdrawn', withdrawn: { ...withdrawn, kind: 'suspended' } }));
    expect(suspended).toContain('Badge suspendu');
    expect(suspended).toContain('Il ne compte pas pour le moment.');
    expect(suspended).not.toMatch(/retiré|plus valable/);
    expect(suspended).toContain('Ce badge ne compte pas pour le moment. Voici ce qu’il dit.');
    expect(suspended).toContain('L’émetteur a suspendu le badge.');
    const replaced = page({
      verdict: 'withdrawn',
      withdrawn: { on: '2026-11-03', kind: 'replaced', newerHref: '/b/newer' },
    });
    expect(words(replaced)).toContain('Badge remplacé');
    expect(words(replaced)).toContain('L’émetteur a remplacé le badge.');
    expect(words(replaced)).not.toContain('retiré');
    expect(replaced).toContain('href="/b/newer"');
  });

  it('shows no name unless the learner chose to, and never in what other sites preview', () => {
    expect(words(page({ learnerName: undefined }))).not.toContain('Amina');
    const head = /<head>.*<\/head>/s.exec(page())![0];
    expect(head).not.toContain('Amina');
    expect(head).toContain('property="og:title" content="Badge\u00a0: La réalisation de mon CV"');
    expect(head).toContain(
      'property="og:image" content="https://badges.example.org/b/authentic/card.png?lang=fr"',
    );
  });

  it('gives a preview only to a badge that stands', () => {
    for (const verdict of ['expired', 'withdrawn', 'cannot_check', 'not_authentic']) {
      expect(renderBadgePage(badges[verdict]!, 'fr', address)).not.toContain('og:');
    }
  });

  it('asks search engines to stay away unless the learner wanted to be found', () => {
    const rule = '<meta name="robots" content="noindex, nofollow"';
    expect(page()).toContain(rule);
    expect(renderBadgePage(aBadge(), 'fr', address, true)).not.toContain(rule);
  });

  it('gives the badge to take along, first as a picture, and every form in the details', () => {
    const html = page();
    expect(words(html)).toContain('Télécharger le badge (PNG) Le badge est dans l’image');
    const files = [...html.matchAll(/href="(\/b\/3k9[^"]+)" download/g)].map(([, href]) => href);
    const address = '/b/3k9mz7q2w8x4v1n6t5r0p9h2jc';
    expect(files).toEqual([
      `${address}.png?download&amp;lang=fr`,
      `${address}.svg?download&amp;lang=fr`,
      `${address}/ob2.json?download`,
      `${address}/ob2.jws`,
    ]);
    expect(words(html)).not.toContain('adresse e-mail publique');
    expect(words(html)).toContain('Demandez à la structure de lier le badge à cette adresse');
  });

  it('says why the older form is missing, and gives no new file of a badge that does not stand', () => {
    const { ob2Href: _json, ob2SignedHref: _jws, ...forms } = aBadge().forms!;
    const without = page({ forms }, 'en');
    expect(words(without)).toContain('It needs a public e-mail address of the structure');
    expect(without).not.toContain('/ob2.');
    expect(words(without)).not.toContain('made for your e-mail address');
    for (const name of ['withdrawn', 'suspended', 'not_authentic'])
      expect(renderBadgePage(badges[name]!, 'en', address)).not.toMatch(/\.png\?download|ob2/);
  });

  it('offers LinkedIn only for an authentic badge, and warns', () => {
    expect(words(page())).toContain('LinkedIn gardera ce lien');
    expect(page({ verdict: 'expired', expiresOn: '2026-11-01' })).not.toContain('linkedin.com');
  });

  it('marks what is not in the language of the page', () => {
    expect(page({ title: { fr: 'Mon CV' } }, 'en')).toContain('<h1><bdi lang="fr">Mon CV</bdi></h1>');
    expect(page({ title: { fr: 'Mon CV' } }, 'fr')).toContain('<h1><bdi>Mon CV</bdi></h1>');
  });

  it('has no script, no inline style and no event, whatever the texts hold', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '{issuer}',
        '</title><script>',
        '&lt;b&gt;',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, name, criterion) => {
        const html = page({
          title: { fr: title },
          learnerName: name,
          criteria: [{ fr: criterion }],
          issuer: { ...aBadge().issuer, publicName: name },
        });
        const tags = html.match(/<[a-z][^>]*>/gi)!.filter((tag) => !tag.startsWith('<meta'));
        expect(
          tags.filter((tag) =>
            /^<(script|style|iframe|object|img src=x)|\sstyle=|\son\w+=/i.test(tag.replace(/"[^"]*"/g, '""')),
          ),
        ).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('sets a name that the bundled font lacks letters for in one font', () => {
    expect(page({ learnerName: 'Nguyễn Thị Hồng' })).toContain('<bdi class="name name-own-font">Nguyễn');
    expect(page({ learnerName: 'Zoë Łukasz' })).toContain('<bdi class="name">Zoë Łukasz');
  });

  it('copes with a badge of which little is known', () => {
    const text = words(renderBadgePage(badges.bare!, 'fr', address));
    expect(text).toContain('L’émetteur n’a pas donné de détail.');
    expect(text).toContain('Ce badge n’est relié à aucun référentiel.');
    expect(text).not.toContain('undefined');
  });

  it('shows the badges that a pathway adds up', () => {
    const text = words(renderBadgePage(badges.pathway!, 'fr', address));
    expect(text).toContain('Ce parcours réunit 2 badges');
    expect(text).toContain('Ce badge résulte des badges du parcours.');
  });

  it('leaves out who assessed it when nobody can be told', () => {
    const nobody = { established: 'observed-by-one' as const, assessors: [] };
    expect(words(page({ assessment: nobody }))).not.toContain('Évalué par');
    expect(words(page())).toContain('Évalué par');
  });
});
