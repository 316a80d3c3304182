import { readStarterCatalogue } from '#workshops';
import { ruleOf, UnknownRequirement } from './import-achievements.js';
import { parseAwardRule } from './rule.js';

const catalogue = readStarterCatalogue();
const badge = (code: string) => catalogue.badges.find((b) => b.code === code)!;

describe('the rule of a catalogue badge', () => {
  it('asks for presence and every criterion of the workshop', () => {
    expect(ruleOf(badge('B-CE-2'), catalogue)).toEqual({
      all: [
        { presence: { workshop: 'CE-2' } },
        { acquired: { workshop: 'CE-2', criteria: ['CE-2-1', 'CE-2-2', 'CE-2-3'] } },
      ],
    });
  });

  it('asks for the badges of a pathway', () => {
    expect(ruleOf(badge('B-CLIC'), catalogue)).toEqual({
      all: ['B-CE-1', 'B-CE-2', 'B-CE-3', 'B-CE-4'].map((code) => ({ badge: code })),
    });
  });

  it('asks the animator for a training, sessions animated and an observation', () => {
    expect(ruleOf(badge('B-PAIR'), catalogue)).toEqual({
      all: [
        { fact: { kind: 'animator-training', count: 1 } },
        { animated: { sessions: 3 } },
        { fact: { kind: 'animator-observation', count: 1 } },
      ],
    });
  });

  it('follows the schema for every badge of the starter catalogue', () => {
    for (const one of catalogue.badges) expect(() => parseAwardRule(ruleOf(one, catalogue))).not.toThrow();
  });

  it.each([
    ['a workshop that is not there', { allOf: ['CE-99'] }],
    ['evidence of an unknown type', { evidence: [{ type: 'hearsay', min: 1 }] }],
  ])('is refused when it asks for %s', (_, requires) => {
    expect(() => ruleOf({ ...badge('B-CE-1'), requires }, catalogue)).toThrow(UnknownRequirement);
  });
});
