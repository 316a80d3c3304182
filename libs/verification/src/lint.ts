import { DomainError, type Text } from '#platform';
import {
  didWebUrl,
  isPreparedOf,
  type JsonObject,
  openBadgesContext,
  type PreparedDocument,
  prepare,
  recordContext,
  type Shape,
  vcContext,
} from '#signing';
import { timeOf } from './dates.js';
import { linkFaults } from './links.js';
import { type LintCode, lintMessages } from './lint-messages.js';
import { privacyFaults } from './lint-privacy.js';
import { eachString, isPlain, textFault } from './lint-text.js';
import { deepest } from './parse.js';
import { rehearse } from './rehearse.js';
import { type Kind, kindOf, schemaFaults } from './schema.js';
import { classesOf, ShapeMemory } from './shape-memory.js';

export interface LintFault {
  code: LintCode;
  /** JSON Pointer of the faulty value, '' for the whole. */
  path: string;
  /** The reason and what to do, for people. */
  detail: Text;
  /** A technical remark in English. */
  remark?: string;
}

export interface LintResult {
  /** Empty when the credential may be signed. */
  faults: LintFault[];
  /** The canonical hash, given or computed, to sign without computing it again; absent when there are faults. */
  prepared?: PreparedDocument;
}

/** Largest badge or endorsement that is signed, in bytes of JSON. */
export const largestIssued = 64 * 1024;
/** Largest record: as a JWT it still fits in what a verifier reads. */
const largestRecord = 180 * 1024;

const limitOf = (document: JsonObject): number =>
  kindOf(document) === 'record' ? largestRecord : largestIssued;

const contextsOf: Record<Kind, string[]> = {
  achievement: [vcContext, openBadgesContext],
  endorsement: [vcContext, openBadgesContext],
  record: [vcContext, recordContext, openBadgesContext],
};

/**
 * Everything that must hold before the real key may touch a credential: size, characters, 1EdTech's JSON Schema and its
 * arrays, closed contexts in safe mode, linked ids, dates, privacy, status entry, issuer; at last the credential is
 * signed with throw-away keys both ways and verified. The input is not changed.
 * @param document unsigned OpenBadgeCredential, EndorsementCredential or ClrCredential
 * @param known its canonical hash, when it was computed already; one of another document is not used. With its shape,
 *   what documents of that shape have in common is looked at once, and the answer is the same
 */
export async function lintCredential(document: JsonObject, known?: PreparedDocument): Promise<LintResult> {
  // A proof is set aside when a document is prepared; that one would be there is a fault.
  const own = known && isPreparedOf(known, document) && !Object.hasOwn(document, 'proof') ? known : undefined;
  const form = own?.shape ? formOf(document, own.shape) : wholeForm(document);
  if (form.isOutsize) return { faults: form.faults };
  const faults = [
    ...form.faults,
    ...linkFaults(document).map(({ code, path }) => fault(code, path)),
    ...dateFaults(document),
    ...privacyFaults(document).map(({ code, path }) => fault(code, path)),
    ...statusFaults(document),
    ...issuerFaults(document),
  ];
  let prepared: PreparedDocument;
  try {
    prepared = own ?? (await prepare(document));
  } catch (error) {
    if (!(error instanceof DomainError) || !(error.code in lintMessages)) throw error;
    return { faults: [...faults, fault(error.code as LintCode, '', error.message)] };
  }
  if (faults.length === 0) faults.push(...(await rehearsalFaults(prepared)));
  return faults.length > 0 ? { faults } : { faults, prepared };
}

interface Form {
  faults: LintFault[];
  /** Too large or too deep to be looked at further. */
  isOutsize: boolean;
}

/** Faults of size, characters and form: those that depend on constants and on the classes of strings alone. */
function wholeForm(document: JsonObject): Form {
  const outer = sizeFaults(document);
  if (outer.length > 0) return { faults: outer, isOutsize: true };
  return { faults: [...textFaults(document), ...formFaults(document)], isOutsize: false };
}

/** Shapes in which nothing but a document's own strings is left to look at. */
export const soundShapes = new ShapeMemory();

function formOf(document: JsonObject, shape: Shape): Form {
  if (soundShapes.has(shape.constants, classesOf(shape)) && shape.values.every(isPlain) && isSmall(shape))
    return { faults: [], isOutsize: false };
  const form = wholeForm(document);
  if (form.faults.length === 0) soundShapes.add(shape.constants, classesOf(shape));
  return form;
}

// A character takes three bytes at most where it stands as it is, six where JSON escapes it.
const isSmall = ({ constants, values }: Shape): boolean =>
  3 * constants.length + values.reduce((sum, value) => sum + 6 * value.length, 0) <= largestIssued;

export const fault = (code: LintCode, path = '', remark?: string): LintFault => ({
  code,
  path,
  detail: lintMessages[code],
  ...(remark ? { remark: remark.slice(0, 300) } : {}),
});

export function sizeFaults(document: JsonObject): LintFault[] {
  const depth = (value: unknown, level: number): boolean =>
    value !== null &&
    typeof value === 'object' &&
    (level >= deepest || Object.values(value).some((item) => depth(item, level + 1)));
  if (depth(document, 0)) return [fault('too_deep')];
  const bytes = Buffer.byteLength(JSON.stringify(document));
  return bytes > limitOf(document) ? [fault('too_large', '', `${bytes} bytes`)] : [];
}

export function textFaults(document: JsonObject): LintFault[] {
  const faults: LintFault[] = [];
  eachString(document, (text, path) => {
    const code = textFault(text);
    if (code) faults.push(fault(code, path));
  });
  return faults;
}

function formFaults(document: JsonObject): LintFault[] {
  const faults: LintFault[] = [];
  if (document.proof !== undefined) faults.push(fault('proof_present', '/proof'));
  const kind = kindOf(document);
  if (!kind) faults.push(fault('type_wrong', '/type'));
  const contexts = Array.isArray(document['@context']) ? document['@context'] : [];
  if (contextsOf[kind ?? 'achievement'].some((context, at) => contexts[at] !== context))
    faults.push(fault('context_wrong', '/@context'));
  // Whatever passes with arrays only passes without.
  const strict = schemaFaults(document, kind, true);
  const broken = strict.length > 0 ? schemaFaults(document, kind) : [];
  const code = broken.length > 0 ? 'schema_broken' : 'not_an_array';
  for (const { path, message } of broken.length > 0 ? broken : strict)
    faults.push(fault(code, path, message));
  faults.push(...emptyValues(document, '').map((path) => fault('empty_value', path)));
  return faults;
}

function emptyValues(value: unknown, path: string): string[] {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => emptyValues(item, `${path}/${name}`));
}

const wholeSecond = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;

function dateFaults(document: JsonObject): LintFault[] {
  const faults: LintFault[] = [];
  const subject = (document.credentialSubject ?? {}) as JsonObject;
  const dates: [string, unknown][] = [
    ...['validFrom', 'validUntil', 'awardedDate'].map((name): [string, unknown] => [
      `/${name}`,
      document[name],
    ]),
    ...['activityStartDate', 'activityEndDate'].map((name): [string, unknown] => [
      `/credentialSubject/${name}`,
      subject[name],
    ]),
  ];
  for (const [path, value] of dates)
    if (value !== undefined && (timeOf(value) === undefined || !wholeSecond.test(value as string)))
      faults.push(fault('date_not_whole_second', path));
  const [from, until] = [timeOf(document.validFrom), timeOf(document.validUntil)];
  if (from !== undefined && until !== undefined && until <= from)
    faults.push(fault('date_order', '/validUntil'));
  return faults;
}

function statusFaults({ credentialStatus: entry }: JsonObject): LintFault[] {
  if (entry === undefined) return [fault('status_missing', '/credentialStatus')];
  const { id, type, statusPurpose, statusListIndex, statusListCredential } = entry as JsonObject;
  const sound =
    type === 'BitstringStatusListEntry' &&
    statusPurpose === 'revocation' &&
    typeof statusListIndex === 'string' &&
    /^(0|[1-9]\d*)$/.test(statusListIndex) &&
    typeof statusListCredential === 'string' &&
    URL.canParse(statusListCredential) &&
    id !== statusListCredential;
  return sound ? [] : [fault('status_malformed', '/credentialStatus')];
}

function issuerFaults({ issuer }: JsonObject): LintFault[] {
  const profile = issuer as JsonObject | undefined;
  const sound =
    typeof profile?.id === 'string' &&
    didWebUrl(profile.id) !== undefined &&
    [profile.type].flat().includes('Profile');
  return sound ? [] : [fault('issuer_not_did', '/issuer')];
}

async function rehearsalFaults(prepared: PreparedDocument): Promise<LintFault[]> {
  try {
    const wrong = await rehearse(prepared);
    return wrong === undefined ? [] : [fault('rehearsal_failed', '', wrong)];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [
      fault(error.code in lintMessages ? (error.code as LintCode) : 'rehearsal_failed', '', error.message),
    ];
  }
}
