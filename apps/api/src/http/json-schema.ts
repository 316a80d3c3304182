import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { compileSchema, InvalidInput } from '#platform';

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[];
}

/** A JSON Schema as Nest's own pipe takes it (Standard Schema 1); `schema` keeps the source for the OpenAPI document. */
export interface RequestSchema<T> {
  schema: object;
  '~standard': {
    version: 1;
    vendor: string;
    validate(value: unknown): { value: T } | { issues: readonly Issue[] };
  };
}

const keysOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

const pointerOf = (keys: Issue['path'] = []): string =>
  keys
    .map(
      (key) =>
        `/${String(typeof key === 'object' ? key.key : key)
          .replaceAll('~', '~0')
          .replaceAll('/', '~1')}`,
    )
    .join('');

function standard<T>(schema: object, check: (value: unknown) => T): RequestSchema<T> {
  return {
    schema,
    '~standard': {
      version: 1,
      vendor: 'ajv',
      validate: (value) => {
        try {
          return { value: check(value) };
        } catch (error) {
          if (!(error instanceof InvalidInput)) throw error;
          return { issues: error.faults.map(({ path, message }) => ({ message, path: keysOf(path) })) };
        }
      },
    },
  };
}

/** The type stays open to unknown fields only when the schema says so; ours should not. */
function refuseOpenSchema(schema: object): void {
  const { type, additionalProperties, unevaluatedProperties } = schema as Record<string, unknown>;
  if (type === 'object' && additionalProperties === undefined && unevaluatedProperties === undefined)
    throw new Error(
      'A request schema of an object says whether it takes unknown fields (additionalProperties: false)',
    );
}

/** For `@Body({ schema: jsonSchema<T>(…) })`. The body is checked as it came: nothing is converted or dropped. */
export function jsonSchema<T>(schema: object): RequestSchema<T> {
  refuseOpenSchema(schema);
  return standard(schema, compileSchema<T>(schema, 'The request'));
}

const converting = () =>
  new Ajv2020({ coerceTypes: true, useDefaults: true, strict: true, validateFormats: false });

/**
 * For `@Query({ schema: querySchema<T>(…) })` and `@Param({ schema: … })`: texts of the address become numbers and
 * booleans, defaults are filled in.
 */
export function querySchema<T>(schema: object): RequestSchema<T> {
  refuseOpenSchema(schema);
  let convert: ValidateFunction | undefined;
  const check = compileSchema<T>(schema, 'The query');
  return standard(schema, (value) => {
    const copy = { ...(value as object) };
    convert ??= converting().compile(schema);
    convert(copy);
    return check(copy);
  });
}

/**
 * Nest's pipe takes `constructor`, `prototype` and `__proto__` out of what was sent before anybody looks at it. Here they
 * are properties as any other, and unknown ones are refused: `JSON.parse` and `compileSchema` look at own properties only.
 */
class WholeValuePipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(): void {}
}

/** The pipe that applies both; its refusal is an `InvalidInput` with JSON Pointers. */
export const requestPipe = (): StandardSchemaValidationPipe =>
  new WholeValuePipe({
    exceptionFactory: (issues) =>
      new InvalidInput(
        issues.map((issue) => ({ path: pointerOf(issue.path), message: issue.message })),
        'The request',
      ),
  });
