import type { ValidateFunction } from 'ajv';
import { ajv2019, readProjectJson } from '#platform';

const judge = ajv2019();
const judges = new Map<string, ValidateFunction>();

/** What 1EdTech's own schema of this kind (`CFPackage`, `CFItem`, `imsx_StatusInfo`…) says against a value. */
export function caseFaults(kind: string, value: unknown): unknown[] {
  let check = judges.get(kind);
  if (!check) {
    const file = `case_v1p1_${kind.toLowerCase()}-jsonschema1.json`;
    check = judge.compile(readProjectJson<object>('schemas', 'standards', 'case-v1p1', file));
    judges.set(kind, check);
  }
  return check(value) ? [] : (check.errors ?? []).slice(0, 5);
}
