import type { AwardRule } from '#badges';
import type { Text } from '#platform';

type Condition = AwardRule['all'][number];
type Fact = Extract<Condition, { fact: unknown }>['fact'];

const times = (count: number): Text =>
  count > 1 ? { fr: `, ${count} fois`, en: `, ${count} times` } : { fr: '', en: '' };

function factText({ kind, count = 1 }: Fact): Text {
  const often = times(count);
  return {
    'animator-training': {
      fr: `Suivre la formation d'animateur${often.fr}.`,
      en: `Follow the animator training${often.en}.`,
    },
    'animator-observation': {
      fr: `Être observé·e par un·e professionnel·le${often.fr}.`,
      en: `Be observed by a professional${often.en}.`,
    },
    'diagnostic-training': {
      fr: `Suivre la formation au diagnostic${often.fr}.`,
      en: `Follow the diagnostic training${often.en}.`,
    },
  }[kind];
}

function animatedText(sessions: number): Text {
  return sessions > 1
    ? { fr: `Animer ${sessions} ateliers.`, en: `Animate ${sessions} sessions.` }
    : { fr: 'Animer un atelier.', en: 'Animate one session.' };
}

/**
 * What a rule asks for, one plain sentence a condition. Badges of the catalogue are left out: the page shows each of
 * them as a card. Where the rule names several workshops, each is named by its code.
 * @param catalogue codes of the badges that the page can show
 */
export function conditionTexts({ all }: AwardRule, catalogue: string[]): Text[] {
  const workshops = new Set(
    all.flatMap((condition) =>
      'presence' in condition
        ? [condition.presence.workshop]
        : 'acquired' in condition
          ? [condition.acquired.workshop]
          : [],
    ),
  );
  const named = (code: string): string => (workshops.size > 1 ? ` ${code}` : '');
  return all.flatMap((condition): Text[] => {
    if ('presence' in condition) {
      const { workshop, sessions = 1 } = condition.presence;
      const which = named(workshop);
      return sessions > 1
        ? [
            {
              fr: `Être présent·e à ${sessions} séances de l'atelier${which}.`,
              en: `Attend ${sessions} sessions of the workshop${which}.`,
            },
          ]
        : [{ fr: `Être présent·e à l'atelier${which}.`, en: `Attend the workshop${which}.` }];
    }
    if ('acquired' in condition) {
      const which = named(condition.acquired.workshop);
      return [
        {
          fr: `Montrer chaque savoir-faire${which && ` de l'atelier${which}`} devant une personne habilitée.`,
          en: `Show each skill${which && ` of the workshop${which}`} in front of an authorised person.`,
        },
      ];
    }
    if ('badge' in condition)
      return catalogue.includes(condition.badge)
        ? []
        : [
            {
              fr: `Obtenir le badge « ${condition.badge} ».`,
              en: `Earn the badge "${condition.badge}".`,
            },
          ];
    if ('animated' in condition) return [animatedText(condition.animated.sessions)];
    return [factText(condition.fact)];
  });
}
