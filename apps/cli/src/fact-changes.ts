import type { FactChange } from '#workshops';

const sentences = {
  fr: {
    presence: 'présence',
    heldOn: 'jour de la séance',
    again: (day: string) => `la séance, retirée le ${day}, compte de nouveau`,
    assessor: 'évalué par',
    nothing: 'rien',
    nobody: 'personne',
    values: {
      present: 'présent·e',
      absent: 'absent·e',
      excused: 'excusé·e',
      acquired: 'acquis',
      almost: 'presque acquis',
      not_yet: 'pas encore acquis',
      not_assessed: 'non évalué',
    },
  },
  en: {
    presence: 'presence',
    heldOn: 'day of the session',
    again: (day: string) => `the session, withdrawn on ${day}, counts again`,
    assessor: 'assessed by',
    nothing: 'nothing',
    nobody: 'nobody',
    values: {
      present: 'present',
      absent: 'absent',
      excused: 'excused',
      acquired: 'acquired',
      almost: 'almost acquired',
      not_yet: 'not acquired yet',
      not_assessed: 'not assessed',
    },
  },
};

/** Direction controls of a name must not turn the line around, nor line ends break it. */
const shown = (text: string): string =>
  text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '�');

/** What differs from the register, one line each: the fact, and who assessed it where that is corrected. */
export function factChanges(changes: FactChange[], language: 'fr' | 'en'): string[] {
  const say = sentences[language];
  const outcomeIn = (value: string): string => (say.values as Record<string, string>)[value] ?? value;
  return changes.map(({ session, person, target, from, to, assessor }) => {
    if (person === null) return [session, say.again(from!.slice(0, 10))].map(shown).join(' · ');
    const what = target === null ? say.presence : target === 'held_on' ? say.heldOn : target;
    const parts = [session, person];
    if (from !== to)
      parts.push(`${what} ${from === null ? say.nothing : outcomeIn(from)} → ${outcomeIn(to)}`);
    else parts.push(`${what} ${outcomeIn(to)}`);
    if (assessor) parts.push(`${say.assessor} ${assessor.from ?? say.nobody} → ${assessor.to}`);
    return parts.map(shown).join(' · ');
  });
}
