import {
  type Achievement,
  type AchievementAlignment,
  badgePictureAlt,
  badgeUrl,
  type PublishedBadge,
  statusReasons,
} from '#badges';
import { competencyPath } from '#frameworks';
import { dateIn, type Text, textIn } from '#platform';
import type { VerificationReport } from '#verification';
import { plainLevel } from '../pages/level-gloss.js';
import { linkedInHref } from '../pages/linkedin.js';
import type {
  AchievementPageView,
  AlignmentView,
  BadgeCardView,
  BadgePageView,
  CheckView,
  FormsView,
  IssuerView,
  PictureView,
  Verdict,
  WithdrawalView,
} from '../pages/view-models.js';
import { assessmentView } from './assessment-view.js';
import { conditionTexts } from './condition-texts.js';

const pictureView = (achievement: Achievement): PictureView => ({
  svg: `/achievements/${achievement.publicId}/image.svg`,
  png: `/achievements/${achievement.publicId}/image.png`,
  alt: badgePictureAlt(achievement.picture),
});

export const badgeCard = (achievement: Achievement): BadgeCardView => ({
  href: `/achievements/${achievement.publicId}`,
  title: achievement.name,
  picture: pictureView(achievement),
});

/** What frameworks say their competencies are, to be looked up by alignment. */
export type CompetencyTexts = {
  framework: string;
  version: string;
  code: string;
  description: Text | null;
}[];

export function alignmentView(alignment: AchievementAlignment, texts: CompetencyTexts): AlignmentView {
  const { framework, frameworkVersion: version, code, level } = alignment;
  const description = texts.find(
    (one) => one.framework === framework && one.version === version && one.code === code,
  )?.description;
  const gloss = level && (level.gloss ?? plainLevel(framework, level.code) ?? level.description);
  return {
    framework: alignment.frameworkName,
    frameworkVersion: version,
    code,
    title: alignment.name,
    ...(description && { description }),
    href: competencyPath({ code: framework, version }, code),
    ...(level && { level: { code: level.code, name: level.name, ...(gloss && { gloss }) } }),
  };
}

/** The badges that a pathway badge adds up, as links, from the catalogue it stands in. */
export function partsOf(achievement: Achievement, catalogue: Achievement[]): BadgeCardView[] {
  return achievement.rule.all.flatMap((condition) => {
    if (!('badge' in condition)) return [];
    const part = catalogue.find((a) => a.code === condition.badge);
    return part ? [badgeCard(part)] : [];
  });
}

const checkNames = ['proof', 'schema', 'issuer', 'dates', 'status'] as const;
const contentChecks = ['parse', 'context', 'links'];

/**
 * The verifier's checks as the page tells them: what concerns reading the content stands as one, the worst of its parts.
 * A withdrawal that the page does not claim is not told by the list either.
 */
function checkViews(report: VerificationReport, shown: Verdict): CheckView[] {
  const isLifted = report.verdict === 'withdrawn' && shown !== 'withdrawn';
  const content = report.checks
    .filter((check) => contentChecks.includes(check.name))
    .map((check) => check.outcome);
  const isUnread = content.length === 0 || content.includes('unknown');
  const worst = content.includes('failed') ? 'failed' : isUnread ? 'unknown' : 'passed';
  return [
    { name: 'content', outcome: worst },
    ...checkNames.flatMap((name) => {
      const check = report.checks.find((c) => c.name === name);
      return check ? [{ name, outcome: isLifted && name === 'status' ? 'unknown' : check.outcome }] : [];
    }),
  ];
}

/** A badge that is authentic although its key was stolen later says so. */
function noteOf(verdict: string, report: VerificationReport): { note?: Text } {
  const later = report.checks.find(({ code }) => code === 'issuer_key_compromised_later');
  return verdict === 'authentic' && later ? { note: later.detail } : {};
}

/**
 * What our own register says counts at once, except of bytes that their issuer did not sign: a register that says
 * "withdrawn" would say that they were good before. While the signed list still tells a suspension that was lifted,
 * the page claims neither.
 */
function shownStatus(status: PublishedBadge['status'], reported: Verdict): Verdict {
  if (reported === 'not_authentic') return reported;
  if (status !== 'active') return 'withdrawn';
  return reported === 'withdrawn' ? 'cannot_check' : reported;
}

const withdrawalView = (badge: PublishedBadge, since: Date): WithdrawalView => ({
  kind:
    badge.status === 'suspended'
      ? 'suspended'
      : badge.isReplaced || badge.statusReason === 'superseded'
        ? 'replaced'
        : 'withdrawn',
  on: dateIn(since),
  ...(badge.statusReason !== null && { reason: statusReasons[badge.statusReason] }),
  ...(badge.supersededBy !== null && { newerHref: `/b/${badge.supersededBy}` }),
});

const formsView = ({ publicId }: PublishedBadge, hasOb2: boolean): FormsView => ({
  pngHref: `/b/${publicId}.png`,
  svgHref: `/b/${publicId}.svg`,
  ...(hasOb2 && { ob2Href: `/b/${publicId}/ob2.json`, ob2SignedHref: `/b/${publicId}/ob2.jws` }),
});

/** The day a badge says it ends on; its page never says that a badge with an end has none. */
function endOf({ credential }: VerificationReport): { expiresOn?: string } {
  const until = typeof credential?.validUntil === 'string' ? Date.parse(credential.validUntil) : Number.NaN;
  const expiresOn = Number.isNaN(until) ? '' : dateIn(new Date(until));
  // Years of more than four digits have another form, which no page can write as a date.
  return /^\d{4}-\d\d-\d\d$/.test(expiresOn) ? { expiresOn } : {};
}

/**
 * The page of a shown badge. The verdict is the verifier's; a withdrawal in our own register counts at once, but never
 * makes a badge that is not authentic sound as if it had been (no day, no reason, no successor).
 */
export function badgePageView(input: {
  origin: string;
  badge: PublishedBadge;
  achievement: Achievement;
  catalogue: Achievement[];
  competencies: CompetencyTexts;
  issuer: IssuerView;
  issuerSlug: string;
  /** Has the issuer the public address that Open Badges 2.0 asks for? */
  hasOb2: boolean;
  report: VerificationReport;
  checkedAt: Date;
}): BadgePageView {
  const { badge, achievement, report, origin } = input;
  const verdict = shownStatus(badge.status, report.verdict);
  const url = badgeUrl(origin, badge.publicId);
  return {
    title: achievement.name,
    picture: pictureView(achievement),
    verdict,
    checks: checkViews(report, verdict),
    checkedAt: input.checkedAt.toISOString(),
    checkedJustNow: true,
    ...noteOf(verdict, report),
    ...(badge.recipientName !== null && { learnerName: badge.recipientName }),
    learnerText: achievement.easyText,
    criteria: achievement.criteria.map((c) => c.text),
    parts: partsOf(achievement, input.catalogue),
    assessment: assessmentView(badge, input.issuer.publicName),
    issuer: input.issuer,
    achievementHref: `/achievements/${achievement.publicId}`,
    alignments: achievement.alignments.map((one) => alignmentView(one, input.competencies)),
    issuedOn: dateIn(badge.awardedAt),
    ...endOf(report),
    ...(verdict === 'withdrawn' &&
      badge.revokedAt !== null && { withdrawn: withdrawalView(badge, badge.revokedAt) }),
    isStateDiploma: false,
    cardHref: `/b/${badge.publicId}/card.png`,
    ...(verdict === 'authentic' && {
      certificateHref: `/b/${badge.publicId}/certificate.pdf`,
      ...(badge.recipientName !== null && { sheetHref: `/cv.pdf?badges=${badge.publicId}` }),
      linkedInHref: linkedInHref({
        name: textIn(achievement.name, 'fr'),
        organizationName: input.issuer.publicName,
        issuedOn: dateIn(badge.awardedAt),
        url,
        id: badge.publicId,
      }),
    }),
    ...(badge.status === 'active' &&
      verdict !== 'not_authentic' && { forms: formsView(badge, input.hasOb2) }),
    technical: {
      id: url,
      proofs: ['eddsa-rdfc-2022', 'RS256 (VC-JWT)'],
      keyId: badge.ed25519KeyId,
      keyHref: `/issuers/${input.issuerSlug}/keys/${badge.ed25519KeyId}`,
      sha256: badge.documentSha256,
      status: { listHref: `/status/${badge.statusListPublicId}`, index: badge.statusIndex },
      jsonHref: `/b/${badge.publicId}.json`,
      jwtHref: `/b/${badge.publicId}.jwt`,
      origin,
    },
  };
}

export function achievementPageView(
  achievement: Achievement,
  catalogue: Achievement[],
  issuer: IssuerView,
  competencies: CompetencyTexts,
): AchievementPageView {
  return {
    title: achievement.name,
    description: achievement.description,
    learnerText: achievement.easyText,
    picture: pictureView(achievement),
    criteria: achievement.criteria.map((c) => c.text),
    conditions: conditionTexts(
      achievement.rule,
      catalogue.map(({ code }) => code),
    ),
    parts: partsOf(achievement, catalogue),
    alignments: achievement.alignments.map((one) => alignmentView(one, competencies)),
    issuer,
    version: achievement.version,
    isStateDiploma: false,
    jsonHref: `/achievements/${achievement.publicId}.json`,
  };
}
