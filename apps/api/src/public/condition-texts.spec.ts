import fc from 'fast-check';
import type { AwardRule } from '#badges';
import { conditionTexts } from './condition-texts.js';

type Condition = AwardRule['all'][number];

const asked = (all: Condition[], catalogue: string[] = []) => conditionTexts({ all }, catalogue);
const french = (...all: Condition[]) => asked(all).map(({ fr }) => fr);

const code = fc.stringMatching(/^B-[A-Z]{2}-[0-9]$/);
const workshop = fc.stringMatching(/^[A-Z]{2}-[0-9]$/);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    presence: fc.record(
      { workshop, sessions: fc.integer({ min: 1, max: 100 }) },
      { requiredKeys: ['workshop'] },
    ),
  }),
  workshop.map((one) => ({ acquired: { workshop: one } })),
  code.map((badge) => ({ badge })),
  fc.integer({ min: 1, max: 1000 }).map((sessions) => ({ animated: { sessions } })),
  fc.record({
    fact: fc.record(
      {
        kind: fc.constantFrom(
          'animator-training' as const,
          'animator-observation' as const,
          'diagnostic-training' as const,
        ),
        count: fc.integer({ min: 1, max: 100 }),
      },
      { requiredKeys: ['kind'] },
    ),
  }),
);

describe('what a badge asks for', () => {
  it('tells how often a fact is asked for, and nothing where once will do', () => {
    expect(french({ fact: { kind: 'animator-observation', count: 2 } })).toEqual([
      'Être observé·e par un·e professionnel·le, 2 fois.',
    ]);
    for (const count of [1, undefined])
      expect(asked([{ fact: { kind: 'diagnostic-training', count } }])).toEqual([
        { fr: 'Suivre la formation au diagnostic.', en: 'Follow the diagnostic training.' },
      ]);
  });

  it('counts one session as one', () => {
    expect(asked([{ animated: { sessions: 1 } }, { animated: { sessions: 5 } }])).toEqual([
      { fr: 'Animer un atelier.', en: 'Animate one session.' },
      { fr: 'Animer 5 ateliers.', en: 'Animate 5 sessions.' },
    ]);
    expect(french({ presence: { workshop: 'CE-1', sessions: 1 } })).toEqual(["Être présent·e à l'atelier."]);
    expect(french({ presence: { workshop: 'CE-1', sessions: 3 } })).toEqual([
      "Être présent·e à 3 séances de l'atelier.",
    ]);
  });

  it('names a badge that no card shows, though others are shown', () => {
    expect(asked([{ badge: 'B-CE-1' }, { badge: 'B-CE-2' }], ['B-CE-1'])).toEqual([
      { fr: 'Obtenir le badge « B-CE-2 ».', en: 'Earn the badge "B-CE-2".' },
    ]);
  });

  it('names workshops where there are several, and only there', () => {
    const one: Condition[] = [{ presence: { workshop: 'CE-1' } }, { acquired: { workshop: 'CE-1' } }];
    expect(french(...one).join(' ')).not.toContain('CE-1');
    expect(french(...one, { acquired: { workshop: 'CE-2' } })).toEqual([
      "Être présent·e à l'atelier CE-1.",
      "Montrer chaque savoir-faire de l'atelier CE-1 devant une personne habilitée.",
      "Montrer chaque savoir-faire de l'atelier CE-2 devant une personne habilitée.",
    ]);
  });

  it('has one sentence in both languages for each condition without a card', () => {
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 8 }), fc.array(code), (all, catalogue) => {
        const texts = asked(all, catalogue);
        const cards = all.filter((one) => 'badge' in one && catalogue.includes(one.badge));
        expect(texts).toHaveLength(all.length - cards.length);
        for (const { fr, en } of texts) {
          expect(fr).toMatch(/^\p{Lu}.*\.$/u);
          expect(en).toMatch(/^\p{Lu}.*\.$/u);
          expect(fr).not.toContain('undefined');
        }
        const numbers = (text = '') => text.match(/\b\d+\b/g) ?? [];
        for (const { fr, en } of texts) expect(numbers(fr)).toEqual(numbers(en));
      }),
    );
  });
});
