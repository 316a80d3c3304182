import type { Text } from '#platform';
import type { JsonObject } from '#signing';
import { checkEach, checkInside, type InsideReport } from './badges-inside.js';
import { BoundedFetcher } from './bounded-fetcher.js';
import { checkEndorsements, type EndorsementReport } from './endorsements.js';
import { OnceFetcher } from './fetcher.js';
import { type Identity, identityAnswer, identityOf } from './identity.js';
import type { MessageCode } from './messages.js';
import { limitTexts } from './messages-around.js';
import { checkOb2Endorsements } from './ob2/endorsements.js';
import { type Ob2Report, verifyOb2 } from './ob2/verify-ob2.js';
import { answerOfUnreadable, Unreadable } from './parse.js';
import { checkShown } from './presentation.js';
import { matchRecipient, type Subject, subjectOf } from './recipient.js';
import { type BadgeFormat, type Recognised, recognise } from './recognise.js';
import { refresh } from './refresh.js';
import {
  checkOf,
  isProven,
  passed,
  reportOf,
  unknown,
  type VerificationReport,
  withChecks,
} from './report.js';
import { type ResultNote, resultNotes } from './results.js';
import { said } from './said.js';
import { isKnownSchema } from './schema.js';
import { badgesIn, isPresentation, type Shown, shownIn } from './shown.js';
import { type BadgeOptions, verifyCredential, verifySecured } from './verify-credential.js';

/** A verification report with everything that is asked around a badge. */
export interface BadgeReport extends VerificationReport {
  /** In which form it was handed in; absent when it could not be read. */
  format?: BadgeFormat;
  /** Who the badge names in plain words; a hashed name is not among them. */
  subject?: Subject;
  /** Who the issuer is and how that is known; absent when the signature does not show the issuer. */
  identity?: Identity;
  /** Who endorses what; absent when there are none, or the badge itself is not sound. */
  endorsements?: EndorsementReport[];
  /** The badges of a record, one by one; absent for anything else, or when the record itself is not sound. */
  badges?: InsideReport[];
  /** What should be known of its results, the weightiest first; absent when there is nothing, or it is not sound. */
  results?: ResultNote[];
  /** What was left aside. */
  notChecked: Text[];
  /** What no verification of a badge shows. */
  notProven: Text[];
}

const notProven: Text[] = [limitTexts.holder, limitTexts.stillAble, limitTexts.quality];

/**
 * Verifies a badge from anywhere, in any form: Open Badges 3.0 (VC 2.0 or 1.1 shape; embedded proof or JWT), Open Badges
 * 2.0 (hosted or signed), as text or baked into PNG or SVG, or shown in a presentation. Beside what `verifyCredential` asks it says who the issuer
 * is, whose badge it is (when a name or e-mail is given), whether there is a newer one and who endorses it. Never throws
 * for what the badge or others' servers do.
 */
export async function verifyBadge(
  input: Buffer | string | object,
  options: BadgeOptions,
): Promise<BadgeReport> {
  const once = { ...options, fetcher: new OnceFetcher(new BoundedFetcher(options.fetcher)) };
  try {
    const recognised = await recognise(input, once.fetcher);
    if (!isPresentation(recognised.secured)) return await around(recognised, once);
    return await aroundShown(shownIn(recognised.secured), recognised.format, once);
  } catch (error) {
    if (error instanceof Unreadable) return unreadable(error);
    throw error;
  }
}

const unreadable = (error: Unreadable): BadgeReport => ({
  ...reportOf([checkOf('parse', answerOfUnreadable(error))]),
  notChecked: [],
  notProven,
});

async function around({ secured, format }: Recognised, options: BadgeOptions): Promise<BadgeReport> {
  return format.name.startsWith('ob2')
    ? aroundOb2(await verifyOb2(secured, options), format, options)
    : aroundOb3(await verifySecured(secured, options), format, options);
}

/**
 * The badges that somebody shows in a presentation: one is told as if it had been handed in alone, several like those of
 * a record. Who shows them is told beside the verdict.
 */
async function aroundShown(shown: Shown, format: BadgeFormat, options: BadgeOptions): Promise<BadgeReport> {
  const presented = checkOf('presented', await checkShown(shown, options));
  const given = badgesIn(shown);
  if (given.length === 1) {
    const report = await oneShown(given[0]!, options);
    const checked = withChecks(report, [...report.checks, presented]);
    return { ...report, ...checked, notChecked: [...report.notChecked, limitTexts.presenter] };
  }
  const none = { answer: unknown('presentation_empty'), badges: [] };
  const { answer, badges } = given.length === 0 ? none : await checkEach(given, options, asHandedIn({}));
  return {
    ...reportOf([checkOf('parse', passed('read')), presented, checkOf('badges', answer)]),
    format,
    ...(badges.length > 0 && { badges }),
    notChecked: [...leftAside({}, format, options), limitTexts.presenter],
    notProven,
  };
}

async function oneShown(given: string | object, options: BadgeOptions): Promise<BadgeReport> {
  try {
    return await around(await recognise(given, options.fetcher), options);
  } catch (error) {
    if (error instanceof Unreadable) return unreadable(error);
    throw error;
  }
}

async function aroundOb3(
  first: VerificationReport,
  format: BadgeFormat,
  options: BadgeOptions,
): Promise<BadgeReport> {
  const refreshed = isProven(first) ? await refresh(first, options) : undefined;
  const report = refreshed?.newer ?? first;
  const around = await aroundAny(report, options);
  const checks = [...report.checks, ...around.checks];
  if (refreshed) checks.push(checkOf('refresh', refreshed.answer));
  const credential = report.credential;
  const endorsed = credential && isProven(report) ? await checkEndorsements(credential, options) : undefined;
  if (endorsed) checks.push(checkOf('endorsements', endorsed.answer));
  const inside =
    credential && isProven(report)
      ? await checkInside(credential, options, asHandedIn(credential))
      : undefined;
  if (inside) checks.push(checkOf('badges', inside.answer));
  const results = credential && isProven(report) ? resultNotes(credential) : [];
  return {
    ...withChecks(report, checks),
    format,
    ...around.parts,
    ...(results.length > 0 ? { results } : {}),
    ...(inside ? { badges: inside.badges } : {}),
    ...(endorsed ? { endorsements: endorsed.endorsements } : {}),
    notChecked: [
      ...leftAside(credential ?? {}, format, options),
      ...toldBeside(checks),
      ...(results.some(({ code }) => code === 'result_not_compared') ? [limitTexts.result] : []),
      ...unknownSchemas(credential ?? {}).map((url) => limitTexts.schema(url)),
    ],
    notProven,
  };
}

async function aroundOb2(
  { form: _form, linked, extensions, ...report }: Ob2Report,
  format: BadgeFormat,
  options: BadgeOptions,
): Promise<BadgeReport> {
  const around = await aroundAny(report, options);
  const checks = [...report.checks, ...around.checks];
  const endorsed = isProven(report)
    ? await checkOb2Endorsements({ ...report, ...(linked ? { linked } : {}) }, options)
    : undefined;
  if (endorsed) checks.push(checkOf('endorsements', endorsed.answer));
  return {
    ...withChecks(report, checks),
    format,
    ...around.parts,
    ...(endorsed ? { endorsements: endorsed.endorsements } : {}),
    notChecked: [
      ...leftAside(report.credential ?? {}, format, options),
      ...toldBeside(checks),
      ...extensions.map((name) => limitTexts.extension(name)),
    ],
    notProven,
  };
}

/** Who issued it and whose it is, once its origin is proven: of anything else these say nothing. */
async function aroundAny(
  report: VerificationReport,
  options: BadgeOptions,
): Promise<{ checks: VerificationReport['checks']; parts: { identity?: Identity; subject?: Subject } }> {
  const { credential, issuer } = report;
  const subject = credential && subjectOf(credential);
  const parts: { identity?: Identity; subject?: Subject } = subject ? { subject } : {};
  if (!credential || !issuer || !isProven(report)) return { checks: [], parts };
  const identity = await identityOf(issuer.id, options.knownIssuers);
  const checks = [checkOf('identity', identityAnswer(identity))];
  if (isAsked(options)) checks.push(checkOf('recipient', matchRecipient(credential, options.recipient!)));
  return { checks, parts: { ...parts, identity } };
}

/**
 * How a badge inside a record is verified: as if it had been handed in alone, with who issued it and whose it is. One
 * that names nobody is whose the record is, if its subject is the record's.
 */
const asHandedIn =
  (record: JsonObject) =>
  async (given: string | object, options: BadgeOptions): Promise<VerificationReport> => {
    const report = await verifyCredential(given, options);
    const { checks } = await aroundAny(report, options);
    const isSame = report.credential !== undefined && sameSubject(report.credential, record);
    const isUnnamed = (code: string) => ['recipient_not_named', 'recipient_name_absent'].includes(code);
    const told = checks.filter(({ code }) => !(isSame && isUnnamed(code)));
    return withChecks(report, [...report.checks, ...told]);
  };

function sameSubject(one: JsonObject, other: JsonObject): boolean {
  const id = subjectOf(one)?.id;
  return id !== undefined && id === subjectOf(other)?.id;
}

const isAsked = ({ recipient }: BadgeOptions): boolean =>
  Boolean(recipient?.name?.trim() || recipient?.email?.trim());

function leftAside(credential: JsonObject, { carrier }: BadgeFormat, options: BadgeOptions): Text[] {
  const texts: Text[] = isAsked(options) ? [] : [limitTexts.recipient];
  if (credential.evidence !== undefined) texts.push(limitTexts.evidence);
  if (carrier !== 'text') texts.push(limitTexts.picture);
  return texts;
}

const besidePassed: Partial<Record<MessageCode, Text>> = {
  signature_fits_beside_others: limitTexts.others,
  signature_fits_proof_inside: limitTexts.proofInside,
  dates_end_not_shown: limitTexts.end,
  recipient_email_absent: limitTexts.email,
};

/** What the checks that passed leave open. */
const toldBeside = (checks: VerificationReport['checks']): Text[] =>
  checks.flatMap(({ code }) => besidePassed[code] ?? []);

/** Schemas that a credential says it follows and that this program does not hold. */
function unknownSchemas({ credentialSchema }: JsonObject): string[] {
  return ([credentialSchema ?? []].flat() as unknown[])
    .map((one) => said((one as JsonObject | null)?.id))
    .filter((url) => !isKnownSchema(url))
    .slice(0, 5);
}
