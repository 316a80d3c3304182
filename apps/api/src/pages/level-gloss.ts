import type { Text } from '#platform';

const eightSteps: Text[] = [
  { fr: 'Fait une action simple avec de l’aide.', en: 'Does a simple task with help.' },
  { fr: 'Fait une action simple sans aide.', en: 'Does a simple task without help.' },
  { fr: 'Fait sans aide les actions de tous les jours.', en: 'Does everyday tasks without help.' },
  {
    fr: 'Fait aussi des actions moins courantes, selon ses besoins.',
    en: 'Does less common tasks too, as needed.',
  },
  { fr: 'Fait des actions variées et guide les autres.', en: 'Does varied tasks and guides others.' },
  {
    fr: 'Choisit la bonne solution, même dans une situation complexe.',
    en: 'Chooses the right solution, even when things are complex.',
  },
  {
    fr: 'Résout des problèmes complexes et guide des professionnels.',
    en: 'Solves complex problems and guides professionals.',
  },
  {
    fr: 'Résout des problèmes très complexes et propose des idées nouvelles.',
    en: 'Solves very complex problems and brings new ideas.',
  },
];

/** Frameworks whose levels 1 to 8 are the eight steps of DigComp 2.1, which the CRCN took over. */
const frameworksOfEightSteps = ['crcn', 'digcomp-2.2'];

/** A level in a few plain words of ours, for frameworks that we know; undefined for others. */
export const plainLevel = (framework: string, level: string): Text | undefined =>
  frameworksOfEightSteps.includes(framework) && /^[1-8]$/.test(level)
    ? eightSteps[Number(level) - 1]
    : undefined;
