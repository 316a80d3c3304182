import { type Text, textIn } from '#platform';
import type { AchievementAlignment, AlignmentLevel } from './achievement.js';

type Levelled = AchievementAlignment & { level: AlignmentLevel };

const levelled = (alignments: AchievementAlignment[]): Levelled[] =>
  alignments.filter((one): one is Levelled => one.level !== undefined);

const descriptionId = (achievementId: string, { framework, code }: AchievementAlignment): string =>
  `${achievementId}#level-${encodeURIComponent(`${framework}-${code}`)}`;

const levelId = (achievementId: string, alignment: Levelled): string =>
  `${descriptionId(achievementId, alignment)}-${encodeURIComponent(alignment.level.code)}`;

/** « Niveau 2 (Novice) » / 'Level 2 (Novice)': a level's code is worth nothing to a reader without its name. */
const levelName = ({ code, name }: AlignmentLevel, word: Text, language: 'fr' | 'en'): string =>
  `${textIn(word, language)} ${code} (${textIn(name, language)})`;

const word: Text = { fr: 'Niveau', en: 'Level' };

/**
 * An OB 3.0 `ResultDescription` for each competency whose level the badge states: an `Alignment` has no level of its
 * own. `requiredLevel` is the level that everybody with this badge has reached.
 */
export const levelDescriptions = (achievementId: string, alignments: AchievementAlignment[]) =>
  levelled(alignments).map((alignment) => {
    const id = levelId(achievementId, alignment);
    const { level } = alignment;
    const said = level.gloss ?? level.description;
    return {
      id: descriptionId(achievementId, alignment),
      type: ['ResultDescription'],
      name: `${textIn(alignment.frameworkName, 'fr')} (${alignment.frameworkVersion}), ${alignment.code}`,
      resultType: 'RubricCriterionLevel',
      requiredLevel: id,
      rubricCriterionLevel: [
        {
          id,
          type: ['RubricCriterionLevel'],
          name: `${levelName(level, word, 'fr')} / ${levelName(level, word, 'en')}`,
          ...(said && { description: bilingual(said) }),
          level: level.code,
        },
      ],
    };
  });

/** The OB 3.0 `Result`s that say these levels are reached. */
export const levelResults = (achievementId: string, alignments: AchievementAlignment[]) =>
  levelled(alignments).map((alignment) => ({
    type: ['Result'],
    resultDescription: descriptionId(achievementId, alignment),
    achievedLevel: levelId(achievementId, alignment),
    value: levelName(alignment.level, word, 'fr'),
  }));

/** A signed text carries both languages: French first, English after a line that names it. */
export const bilingual = (text: Text): string => {
  const [fr, en] = [text.fr ?? '', text.en ?? ''];
  if (fr === '' || en === '' || fr === en) return fr || en;
  return `${fr}\n\nEnglish: ${en}`;
};
