import {
  type Achievement,
  badgePictureAlt,
  badgePictureSvg,
  badgeUrl,
  type PublishedBadge,
  shortCode,
} from '#badges';
import type { Certificate, SheetBadge } from '#documents';
import { dateIn, type Language, type Text, textIn } from '#platform';
import type { AlignmentView, AssessmentView } from '../pages/view-models.js';
import { duration, fill, longDate, wording } from '../pages/wording.js';

const filled = (sentence: string, values: Record<string, string>): string => fill(sentence, values).join('');
const colon = (language: Language): string => (language === 'fr' ? '\u00a0: ' : ': ');
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const quoted = (text: string, language: Language): string =>
  language === 'fr' ? `«\u00a0${text}\u00a0»` : `“${text}”`;

/** How a badge was assessed, in the sentences of its page. */
function assessmentSentences(view: AssessmentView, language: Language): string[] {
  const words = wording(language).assessment;
  const reached = words.steps[view.established];
  const { session } = view;
  const held = session && [
    quoted(textIn(session.title, language), language),
    longDate(session.heldOn, language),
    ...(session.durationMinutes ? [duration(session.durationMinutes)] : []),
  ];
  return [
    `${reached.name}${colon(language)}${lowerFirst(reached.gloss)}`,
    ...(held ? [`${words.session}${colon(language)}${held.join(', ')}.`] : []),
    ...view.assessors.map(({ role }) => `${words.by} ${lowerFirst(textIn(role, language))}.`),
  ];
}

function levelSentence(alignment: AlignmentView, language: Language): { name: string; gloss?: string } {
  const words = wording(language).levels;
  const { level } = alignment;
  const framework = textIn(alignment.framework, language);
  const gloss = level?.gloss && textIn(level.gloss, language);
  const reached =
    level &&
    filled(level.code ? words.level : words.levelOnly, {
      code: level.code ?? '',
      level: textIn(level.name, language),
    });
  return {
    name: `${framework}, ${alignment.code}${colon(language)}${textIn(alignment.title, language)}`,
    ...(reached && { gloss: gloss ? `${reached} ${gloss}` : reached.replace(/\s*:$/, '.') }),
  };
}

const pictureOf = (achievement: Achievement, language: Language): Certificate['picture'] => ({
  svg: badgePictureSvg(achievement.picture),
  alt: textIn(badgePictureAlt(achievement.picture), language),
});

/** The two addresses of a badge's page: the one that the code holds, and the one for a hand. */
function addressesOf(origin: string, publicId: string): { address: string; shortAddress: string } {
  return {
    address: badgeUrl(origin, publicId),
    shortAddress: `${new URL(origin).host}/v/${shortCode(publicId)}`,
  };
}

export interface BadgeFacts {
  origin: string;
  badge: PublishedBadge;
  achievement: Achievement;
  issuer: string;
}

/** What a certificate says of a shown badge, in the words of its page. */
export function certificateOf(
  given: BadgeFacts & { parts: Text[]; alignments: AlignmentView[]; assessment: AssessmentView },
  language: Language,
): Certificate {
  const { badge, achievement } = given;
  return {
    language,
    title: textIn(achievement.name, language),
    picture: pictureOf(achievement, language),
    learner: badge.recipientName,
    skills: achievement.criteria.map(({ text }) => textIn(text, language)),
    parts: given.parts.map((title) => textIn(title, language)),
    assessment: assessmentSentences(given.assessment, language),
    issuer: given.issuer,
    issuedOn: longDate(dateIn(badge.awardedAt), language),
    levels: given.alignments.map((alignment) => levelSentence(alignment, language)),
    isStateDiploma: false,
    ...addressesOf(given.origin, badge.publicId),
    signedAt: badge.signedAt,
  };
}

/** A badge in one row of a CV sheet. */
export function sheetBadgeOf(
  { origin, badge, achievement, issuer }: BadgeFacts,
  language: Language,
): SheetBadge {
  const firstSkill = achievement.criteria[0]?.text;
  return {
    title: textIn(achievement.name, language),
    picture: pictureOf(achievement, language),
    line:
      textIn(achievement.easyText, language) ||
      textIn(firstSkill, language) ||
      textIn(achievement.description, language),
    issuer,
    issuedOn: longDate(dateIn(badge.awardedAt), language),
    ...addressesOf(origin, badge.publicId),
  };
}

/** A file name that people can read, of letters that every system takes, and the same with its own letters (RFC 6266). */
export function disposition(name: string): string {
  const readable = name
    .replace(/[\p{Cc}/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
  const plain = readable
    .normalize('NFD')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/["\\%]/g, '')
    .trim();
  const encoded = encodeURIComponent(readable).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `inline; filename="${plain || 'insigne'}.pdf"; filename*=UTF-8''${encoded}.pdf`;
}
