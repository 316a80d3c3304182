import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { type Fault, projectFile } from '#platform';
import type { JsonObject } from '#signing';
import { said } from './said.js';
import { StringClasses } from './string-classes.js';

/** What a credential is: a badge, what somebody says of something, or a record that gathers badges (CLR 2.0). */
export type Kind = 'achievement' | 'endorsement' | 'record';
const files: Record<Kind, [folder: string, file: string]> = {
  achievement: ['ob-v3p0', 'ob_v3p0_achievementcredential_schema.json'],
  endorsement: ['ob-v3p0', 'ob_v3p0_endorsementcredential_schema.json'],
  record: ['clr-v2p0', 'clr_v2p0_clrcredential_schema.json'],
};

const base = 'https://purl.imsglobal.org/spec';
const addresses: Record<string, Kind> = {
  [`${base}/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json`]: 'achievement',
  [`${base}/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json`]: 'endorsement',
  [`${base}/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json`]: 'record',
};

/** Is the schema at this address among those that are held here? None is ever fetched. */
export const isKnownSchema = (address: string): boolean => Object.hasOwn(addresses, address);

/** The held schemas that a credential itself says it follows (`credentialSchema`). */
export const declaredKinds = (credential: JsonObject): Kind[] =>
  ([credential.credentialSchema ?? []].flat() as unknown[]).flatMap((one) => {
    const id = said((one as JsonObject | null)?.id);
    return isKnownSchema(id) ? [addresses[id]!] : [];
  });

// ajv-formats is CommonJS: under ESM its function is the default export of the default export.
const formats = addFormats as unknown as typeof addFormats.default;

/**
 * Compiles the published schemas: with references inlined, as by default, it takes 1.4 s instead of half a second, and
 * twice as long when the code that it makes is tidied up, which then checks no sooner.
 */
export function compiler(): Ajv2019 {
  const ajv = new Ajv2019({ allErrors: true, strict: false, inlineRefs: false, code: { optimize: false } });
  formats(ajv);
  return ajv;
}

const kept = new Map<string, ValidateFunction>();

export const schemaOf = (kind: Kind): JsonObject =>
  JSON.parse(readFileSync(projectFile('schemas', 'standards', ...files[kind]), 'utf8')) as JsonObject;

function checker(kind: Kind, arraysOnly: boolean): ValidateFunction {
  const name = `${kind} ${arraysOnly}`;
  const known = kept.get(name);
  if (known) return known;
  const schema = schemaOf(kind);
  const check = compiler().compile(arraysOnly ? (withArraysOnly(schema) as object) : schema);
  kept.set(name, check);
  return check;
}

let classes: StringClasses | undefined;

/** What the schema of achievements can ask of a string, with or without arrays only. */
export function stringClasses(): StringClasses {
  if (classes) return classes;
  const ajv = compiler();
  classes = new StringClasses(schemaOf('achievement'), (rule) => ajv.compile(rule));
  return classes;
}

/** Which of the schemas a credential asks for by its types, if any. */
export function kindOf(credential: JsonObject): Kind | undefined {
  const types: unknown[] = Array.isArray(credential.type) ? credential.type : [credential.type];
  if (!types.includes('VerifiableCredential')) return undefined;
  if (types.includes('OpenBadgeCredential') || types.includes('AchievementCredential')) return 'achievement';
  if (types.includes('EndorsementCredential')) return 'endorsement';
  return types.includes('ClrCredential') ? 'record' : undefined;
}

/**
 * Faults against 1EdTech's JSON Schema of Open Badges 3.0 or CLR 2.0, draft 2019-09, as published.
 * @param arraysOnly also ask for arrays wherever several values are possible: the stricter "JSON" serialisation of
 *   Open Badges 3.0, whose published schema is this one with single values left out
 */
export function schemaFaults(
  credential: JsonObject,
  kind: Kind = 'achievement',
  arraysOnly = false,
): Fault[] {
  const check = checker(kind, arraysOnly);
  if (check(credential)) return [];
  return (check.errors ?? []).map((error) => ({
    path: error.instancePath,
    message:
      error.keyword === 'additionalProperties'
        ? `must not have the property "${error.params.additionalProperty}"`
        : (error.message ?? error.keyword),
  }));
}

const isArraySchema = (schema: unknown): boolean => {
  const { type, allOf } = (schema ?? {}) as { type?: unknown; allOf?: unknown[] };
  return type === 'array' || (allOf?.every(isArraySchema) ?? false);
};

// The published adaptation writes "one or many" as oneOf [one, array of many].
function withArraysOnly(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withArraysOnly);
  if (schema === null || typeof schema !== 'object') return schema;
  const changed = Object.fromEntries(
    Object.entries(schema).map(([name, item]) => [name, withArraysOnly(item)]),
  ) as JsonObject;
  if (changed.$id) changed.$id = `${changed.$id}?arrays`;
  const { oneOf } = changed;
  if (!Array.isArray(oneOf) || oneOf.length !== 2) return changed;
  const arrays = oneOf.filter(isArraySchema);
  return arrays.length === 1 ? { ...changed, oneOf: arrays } : changed;
}
