import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Fault, InvalidInput } from './errors.js';

// ajv-formats is CommonJS: under ESM its function is the default export of the default export.
const formats = addFormats as unknown as typeof addFormats.default;

// To tidy up the code that it makes takes Ajv as long as all the rest, and what is tidy checks no sooner.
const quick = { optimize: false };

/** An Ajv for JSON Schema 2020-12 (our own schemas), all errors, formats checked. */
export function ajv(): Ajv2020 {
  const instance = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, code: quick });
  formats(instance);
  return instance;
}

/** An Ajv for JSON Schema 2019-09 (1EdTech's schemas), not strict about unknown keywords. */
export function ajv2019(): Ajv2019 {
  const instance = new Ajv2019({ allErrors: true, strict: false, code: quick });
  formats(instance);
  return instance;
}

const shared = ajv();

function faultOf(error: ErrorObject): Fault {
  if (error.keyword === 'additionalProperties')
    return {
      path: error.instancePath,
      message: `must not have the property "${error.params.additionalProperty}"`,
    };
  if (error.keyword === 'enum')
    return {
      path: error.instancePath,
      message: `must be one of ${JSON.stringify(error.params.allowedValues)}`,
    };
  if (error.keyword === 'const')
    return { path: error.instancePath, message: `must be ${JSON.stringify(error.params.allowedValue)}` };
  return { path: error.instancePath, message: error.message ?? error.keyword };
}

/**
 * A check of one JSON Schema (2020-12), compiled once, at its first use: a program knows many more schemas than one
 * run of it needs, and compiling them all was a fifth of its start.
 * @throws InvalidInput (`invalid_input`) listing every fault with its JSON Pointer.
 */
export function compileSchema<T>(schema: object, subject?: string): (value: unknown) => T {
  let check: ValidateFunction | undefined;
  return (value) => {
    check ??= shared.compile(schema);
    if (check(value)) return value as T;
    throw new InvalidInput((check.errors ?? []).map(faultOf), subject);
  };
}

/**
 * A TCP port out of an environment variable; 0 lets the system choose one.
 * @throws InvalidInput (`invalid_input`) naming the variable
 */
export function readPort(variable: string, text: string, subject: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidInput([{ path: `/${variable}`, message: 'must be a port from 0 to 65535' }], subject);
}
