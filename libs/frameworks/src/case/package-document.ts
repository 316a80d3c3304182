import type { ErrorObject, ValidateFunction } from 'ajv';
import { ajv2019, type Fault, readProjectJson } from '#platform';
import { InvalidFrameworkFile } from '../refusals.js';
import type { CaseAssociation, CasePackage } from './case-package.js';
import { objectsOf } from './case-package.js';
import { valueFaults } from './value-limits.js';

/** What one package may hold; the largest public ones that are known have a third of it. */
export const packageLimits = {
  CFItems: 20_000,
  CFAssociations: 60_000,
  CFRubrics: 1_000,
  definitions: 5_000,
  depth: 50,
} as const;

const remedy =
  'Correct these places, or ask the publisher of the framework to; nothing was written. The shape is that of CFPackage in CASE 1.1 (a package of CASE 1.0 is read too).';
const listed = 500;

let compiled: ValidateFunction | undefined;

/** 1EdTech's schema of CFPackage, plus the links that some providers put into packages though it closes them out. */
function shape(): ValidateFunction {
  if (compiled) return compiled;
  const schema = readProjectJson<{ $defs: Record<string, { properties: Record<string, unknown> }> }>(
    'schemas',
    'standards',
    'case-v1p1',
    'case_v1p1_cfpackage-jsonschema1.json',
  );
  const link = { $ref: '#/$defs/LinkURI' };
  schema.$defs.CFPckgDocument!.properties.CFPackageURI = link;
  schema.$defs.CFPckgItem!.properties.CFDocumentURI = link;
  schema.$defs.CFPckgAssociation!.properties.CFDocumentURI = link;
  compiled = ajv2019().compile(schema);
  return compiled;
}

const kinds = 'a type of CASE 1.1 (isChildOf, exactMatchOf, isRelatedTo…) or one that begins with "ext:"';

function faultOf({ instancePath: path, keyword, params, message }: ErrorObject): Fault | undefined {
  if (keyword === 'additionalProperties')
    return {
      path,
      message: `must not have the property "${params.additionalProperty}"; own data goes into "extensions"`,
    };
  if (keyword === 'oneOf')
    return {
      path,
      message: path.endsWith('/targetType') ? 'must be CASE or begin with "ext:"' : `must be ${kinds}`,
    };
  if (/\/(associationType|targetType)$/.test(path)) return undefined;
  if (keyword === 'enum') return { path, message: `must be ${params.allowedValues.join(' or ')}` };
  if (keyword === 'format' && params.format === 'uuid') return { path, message: 'must be a UUID' };
  if (keyword === 'format' && params.format === 'date-time')
    return { path, message: 'must be a date and time with its zone, as 2026-01-31T09:00:00Z' };
  return { path, message: message ?? keyword };
}

function sizeFaults(value: unknown): Fault[] {
  const whole = value as CasePackage | null;
  const many = (path: string, list: unknown, most: number): Fault[] =>
    Array.isArray(list) && list.length > most
      ? [{ path, message: `has ${list.length} entries; at most ${most} are read` }]
      : [];
  const definitions = whole?.CFDefinitions;
  return [
    ...(['CFItems', 'CFAssociations', 'CFRubrics'] as const).flatMap((name) =>
      many(`/${name}`, whole?.[name], packageLimits[name]),
    ),
    ...(definitions && typeof definitions === 'object'
      ? Object.entries(definitions).flatMap(([name, list]) =>
          many(`/CFDefinitions/${name}`, list, packageLimits.definitions),
        )
      : []),
  ];
}

const pathOf: Record<string, string> = { CFDocument: '/CFDocument' };

function identifierFaults(whole: CasePackage): Fault[] {
  const seen = new Map<string, string>();
  const counts = new Map<string, number>();
  return objectsOf(whole).flatMap(({ kind, body }) => {
    const at = counts.get(kind) ?? 0;
    counts.set(kind, at + 1);
    const section = /^CF(Document|Item|Association|Rubric)$/.test(kind) ? '' : '/CFDefinitions';
    const path = `${pathOf[kind] ?? `${section}/${kind}s/${at}`}/identifier`;
    // A scheme before it is a URN, which no address of the interface can carry.
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(body.identifier))
      return [{ path, message: 'must be a UUID' }];
    const key = `${kind} ${body.identifier.toLowerCase()}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, path);
    return before === undefined ? [] : [{ path, message: `repeats the identifier of ${before}` }];
  });
}

/** Child associations between items of the package, as positions. */
function childLinks(whole: CasePackage): { at: number; child: string; parent: string }[] {
  const items = new Set((whole.CFItems ?? []).map((item) => item.identifier.toLowerCase()));
  return (whole.CFAssociations ?? []).flatMap((one: CaseAssociation, at) => {
    const child = one.originNodeURI.identifier.toLowerCase();
    const parent = one.destinationNodeURI.identifier.toLowerCase();
    return one.associationType === 'isChildOf' && items.has(child) && items.has(parent)
      ? [{ at, child, parent }]
      : [];
  });
}

/** Takes away, again and again, whoever has nothing before it; what is left stands in a circle or after one. */
function leftOver(edges: { from: string; to: string }[]): { left: Set<string>; depth: number } {
  const waiting = new Map<string, number>();
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    waiting.set(from, waiting.get(from) ?? 0);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const depths = new Map<string, number>();
  const free = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  for (let one = free.pop(); one !== undefined; one = free.pop()) {
    waiting.delete(one);
    for (const to of next.get(one) ?? []) {
      depths.set(to, Math.max(depths.get(to) ?? 0, (depths.get(one) ?? 0) + 1));
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) free.push(to);
    }
  }
  return { left: new Set(waiting.keys()), depth: Math.max(0, ...depths.values()) };
}

function treeFaults(whole: CasePackage): Fault[] {
  const links = childLinks(whole);
  const down = leftOver(links.map(({ child, parent }) => ({ from: parent, to: child })));
  if (down.left.size > 0) {
    const up = leftOver(links.map(({ child, parent }) => ({ from: child, to: parent })));
    return links
      .filter(({ child, parent }) => [child, parent].every((one) => down.left.has(one) && up.left.has(one)))
      .map(({ at }) => ({
        path: `/CFAssociations/${at}/destinationNodeURI`,
        message: 'makes an item its own parent, directly or through others (isChildOf)',
      }));
  }
  return down.depth >= packageLimits.depth
    ? [
        {
          path: '/CFAssociations',
          message: `is a tree of more than ${packageLimits.depth} steps (isChildOf)`,
        },
      ]
    : [];
}

/**
 * Checks a CFPackage of CASE 1.0 or 1.1: its size, its texts, 1EdTech's schema, identifiers that are UUIDs and stand
 * once in their kind, no circle of isChildOf.
 * @param source name of the file, for the message
 * @throws InvalidFrameworkFile listing every fault, up to 500
 */
export function packageDocument(value: unknown, source: string): CasePackage {
  const refuse = (faults: Fault[]) => {
    if (faults.length > 0) throw new InvalidFrameworkFile(source, faults.slice(0, listed), remedy);
  };
  refuse(sizeFaults(value));
  refuse(valueFaults(value));
  const check = shape();
  if (!check(value))
    refuse((check.errors ?? []).map(faultOf).filter((fault): fault is Fault => fault !== undefined));
  const whole = value as CasePackage;
  refuse(identifierFaults(whole));
  refuse(treeFaults(whole));
  return whole;
}
