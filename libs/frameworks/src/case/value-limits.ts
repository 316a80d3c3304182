import type { Fault } from '#platform';

const deepest = 40;
const longest = 50_000;
const most = 200;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the database stores no NUL
const unstorable = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const pointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * What the database could not store or give back as it came, or what is out of all proportion: NUL and half characters,
 * numbers that JSON cannot write, texts over 50,000 characters, values nested deeper than 40.
 */
export function valueFaults(value: unknown): Fault[] {
  const faults: Fault[] = [];
  const open: { path: string; value: unknown; depth: number }[] = [{ path: '', value, depth: 0 }];
  for (let one = open.pop(); one !== undefined && faults.length < most; one = open.pop()) {
    const { path, depth } = one;
    const fault = faultOf(one.value, depth);
    if (fault) faults.push({ path, message: fault });
    else if (one.value !== null && typeof one.value === 'object')
      for (const [key, member] of Object.entries(one.value)) {
        if (textFault(key)) faults.push({ path, message: `has a name that ${textFault(key)}` });
        else open.push({ path: `${path}/${pointer(key)}`, value: member, depth: depth + 1 });
      }
  }
  return faults.reverse();
}

function textFault(text: string): string | undefined {
  if (text.length > longest) return `is longer than ${longest} characters`;
  return unstorable.test(text) ? 'has a NUL or half a character, which cannot be stored' : undefined;
}

function faultOf(value: unknown, depth: number): string | undefined {
  if (depth > deepest) return `is nested deeper than ${deepest} levels`;
  if (typeof value === 'string') return textFault(value);
  return typeof value === 'number' && !Number.isFinite(value) ? 'is a number too large to keep' : undefined;
}
