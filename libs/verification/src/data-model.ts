import type { ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { type Fault, readProjectJson } from '#platform';
import type { JsonObject } from '#signing';
import { timeOf } from './dates.js';

/** What may be asked of the data model: a credential, a presentation of some, or either in an envelope. */
export type DataModelKind = 'credential' | 'presentation' | 'enveloped';

const typeOf: Record<DataModelKind, string[]> = {
  credential: ['VerifiableCredential'],
  presentation: ['VerifiablePresentation'],
  enveloped: ['EnvelopedVerifiableCredential', 'EnvelopedVerifiablePresentation'],
};

// A URL with its scheme: what JSON-LD reads as an absolute IRI, nothing relative, no space.
const absoluteUrl = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;

/** The rules of the data model, as JSON Schema. */
export const dataModelSchema = (): JsonObject => readProjectJson('schemas/verifiable-credential.schema.json');

/** Teaches a compiler the formats that those rules ask for. */
export function addDataModelFormats(ajv: Ajv2019): void {
  ajv.addFormat('absolute-url', absoluteUrl);
  ajv.addFormat('date-time-stamp', (value: string) => timeOf(value) !== undefined);
}

const checkers = new Map<DataModelKind, ValidateFunction>();

function checker(kind: DataModelKind): ValidateFunction {
  const known = checkers.get(kind);
  if (known) return known;
  const ajv = new Ajv2019({ allErrors: true, strict: false, code: { optimize: false } });
  addDataModelFormats(ajv);
  const check = ajv.compile({ ...dataModelSchema(), $ref: `#/$defs/${kind}` });
  checkers.set(kind, check);
  return check;
}

/**
 * Faults against the Verifiable Credentials Data Model 2.0, section 4: what it asks of any credential, presentation or
 * envelope, whatever its type. Terms that no context defines are the canonical form's matter
 * (safe mode), the order of dates is `checkDates`'s.
 * @returns JSON Pointers and what must hold there, in English, for whoever repairs it
 */
export function dataModelFaults(document: JsonObject, kind: DataModelKind): Fault[] {
  const types = [document.type].flat();
  const check = checker(kind);
  const faults: Fault[] = [];
  if (!typeOf[kind].some((type) => types.includes(type)))
    faults.push({ path: '/type', message: `must include ${typeOf[kind].join(' or ')}` });
  if (!check(document))
    // "if" only says that its branch failed, which has faults of its own.
    for (const { instancePath, message, keyword } of check.errors ?? [])
      if (keyword !== 'if') faults.push({ path: instancePath, message: message ?? keyword });
  return kind === 'credential' ? [...faults, ...namedTwice(document)] : faults;
}

function namedTwice({ relatedResource, id }: JsonObject): Fault[] {
  const ids = ([relatedResource ?? []].flat() as (JsonObject | null)[]).map((resource) => resource?.id);
  const twice = ids.findIndex((one, i) => one !== undefined && (ids.indexOf(one) < i || one === id));
  return twice < 0 ? [] : [{ path: `/relatedResource/${twice}/id`, message: 'must be named once only' }];
}
