import fc from 'fast-check';
import type { AlignmentLevel, AwardRule } from '#badges';
import {
  achievementPageView,
  alignmentView,
  badgeCard,
  type CompetencyTexts,
  partsOf,
} from './badge-view.js';
import { anAchievement, anAlignment, issuer } from './badge-view.spec-support.js';

describe('a competency on the page of a badge', () => {
  const own = {
    framework: 'crcn',
    version: '2.1',
    code: '3.1',
    description: { fr: 'Produire des documents' },
  };

  it('takes the description of that framework, that version and that code alone', () => {
    expect(alignmentView(anAlignment(), [own]).description).toEqual(own.description);
    for (const other of [{ framework: 'digcomp' }, { version: '2019' }, { code: '3.10' }])
      expect(alignmentView(anAlignment(), [{ ...own, ...other }])).not.toHaveProperty('description');
    expect(alignmentView(anAlignment(), [{ ...own, description: null }])).not.toHaveProperty('description');
    const texts: CompetencyTexts = [{ ...own, code: '3.2', description: { fr: 'Autre' } }, own];
    expect(alignmentView(anAlignment(), texts).description).toEqual(own.description);
  });

  it('leads to its page here, whatever signs its coordinates have', () => {
    fc.assert(
      fc.property(
        fc.tuple(...[1, 2, 3].map(() => fc.string({ minLength: 1, unit: 'grapheme' }))),
        ([framework, frameworkVersion, code]) => {
          fc.pre([framework, frameworkVersion, code].every((part) => part!.isWellFormed()));
          const { href } = alignmentView(
            anAlignment({ framework: framework!, frameworkVersion: frameworkVersion!, code: code! }),
            [],
          );
          expect(href).toMatch(/^\/frameworks(\/[A-Za-z0-9_.!~*'()%-]+){3}$/);
          const parts = href.split('/').slice(2).map(decodeURIComponent);
          expect(parts).toEqual([framework, frameworkVersion, code]);
        },
      ),
    );
  });

  const level = (given: Partial<AlignmentLevel> = {}): AlignmentLevel => ({
    code: '2',
    name: { fr: 'Novice' },
    description: { fr: 'Le texte du cadre' },
    ...given,
  });
  const glossOf = (given: AlignmentLevel, framework = 'crcn') =>
    alignmentView(anAlignment({ level: given, framework }), []).level;

  it('tells a level in the catalogue’s words, else in plain words of ours, else in those of its framework', () => {
    expect(glossOf(level({ gloss: { fr: 'Du catalogue' } }))!.gloss).toEqual({ fr: 'Du catalogue' });
    expect(glossOf(level())!.gloss).toEqual({
      fr: 'Fait une action simple sans aide.',
      en: 'Does a simple task without help.',
    });
    expect(glossOf(level(), 'autre')).toEqual({
      code: '2',
      name: { fr: 'Novice' },
      gloss: { fr: 'Le texte du cadre' },
    });
    expect(glossOf({ code: '2', name: { fr: 'Novice' } }, 'autre')).toEqual({
      code: '2',
      name: { fr: 'Novice' },
    });
    expect(alignmentView(anAlignment(), [])).not.toHaveProperty('level');
  });
});

describe('the badges that a pathway adds up', () => {
  const catalogue = ['B-CE-1', 'B-CE-2', 'B-CE-3'].map((code) =>
    anAchievement({ code, publicId: code.toLowerCase(), name: { fr: code } }),
  );
  const pathway = (all: AwardRule['all']) => anAchievement({ code: 'P-1', kind: 'pathway', rule: { all } });

  it('stand as cards in the order of the rule, without what the catalogue does not hold', () => {
    const asked = pathway([
      { badge: 'B-CE-3' },
      { presence: { workshop: 'CE-9' } },
      { badge: 'B-XX-1' },
      { badge: 'B-CE-1' },
    ]);
    expect(partsOf(asked, catalogue)).toEqual([badgeCard(catalogue[2]!), badgeCard(catalogue[0]!)]);
    expect(partsOf(anAchievement(), catalogue)).toEqual([]);
  });

  it('have a card with the title, the two pictures and words for them', () => {
    expect(badgeCard(anAchievement())).toEqual({
      href: '/achievements/cv1',
      title: { fr: 'Mon CV', en: 'My CV' },
      picture: {
        svg: '/achievements/cv1/image.svg',
        png: '/achievements/cv1/image.png',
        alt: { fr: expect.stringMatching(/\w/), en: expect.stringMatching(/\w/) },
      },
    });
  });

  it('are told as a card or as a sentence, never both and never neither', () => {
    const codes = fc.constantFrom('B-CE-1', 'B-CE-2', 'B-XX-1', 'B-XX-2');
    fc.assert(
      fc.property(fc.uniqueArray(codes), (wanted) => {
        const page = achievementPageView(pathway(wanted.map((badge) => ({ badge }))), catalogue, issuer, []);
        expect(page.parts!.length + page.conditions.length).toBe(wanted.length);
        expect(page.conditions.map(({ fr }) => fr)).toEqual(
          wanted.filter((code) => code.includes('XX')).map((code) => `Obtenir le badge « ${code} ».`),
        );
      }),
    );
  });
});

describe('the page of a badge’s class', () => {
  it('says what it is, what it asks for and where its document is', () => {
    const criteria = [
      { code: 'K1', text: { fr: 'Saisit ses expériences' } },
      { code: 'K2', text: { fr: 'Enregistre en PDF' } },
    ];
    expect(achievementPageView(anAchievement({ criteria }), [], issuer, [])).toMatchObject({
      title: { fr: 'Mon CV', en: 'My CV' },
      description: { fr: 'Écrire un CV.' },
      learnerText: { fr: 'Je sais écrire mon CV.' },
      criteria: [{ fr: 'Saisit ses expériences' }, { fr: 'Enregistre en PDF' }],
      conditions: [{ fr: "Être présent·e à l'atelier.", en: expect.any(String) }],
      parts: [],
      alignments: [alignmentView(anAlignment(), [])],
      issuer,
      version: 2,
      isStateDiploma: false,
      jsonHref: '/achievements/cv1.json',
    });
  });
});
