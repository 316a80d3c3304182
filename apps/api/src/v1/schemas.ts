import { reasonTexts, resultCodes } from '#verification';

type Schema = Record<string, unknown>;

/** JSON Schema of an object with these fields and no other; all are required but those named `optional`. */
export const objectOf = (properties: Record<string, object>, optional: string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

/** The schema under a name, which the description of the API refers to. */
export const titled = (title: string, schema: Schema): Schema => ({ title, ...schema });

/** A list that always comes whole. */
export const listOf = (items: object): Schema => objectOf({ items: { type: 'array', items } });

/** One line of text without control characters: the database takes no NUL, and no reader wants the others. */
export const line = (maxLength: number): Schema => ({
  type: 'string',
  minLength: 1,
  maxLength,
  pattern: '^[^\\p{Cc}\\p{Cs}]*$',
});

const uuidPattern = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
const uuidForm = new RegExp(uuidPattern);
export const isUuid = (text: string): boolean => uuidForm.test(text);

export const idSchema = { type: 'string', pattern: uuidPattern } as const;
/** YYYY-MM-DD in years that people of a workshop live in. */
export const daySchema = { type: 'string', format: 'date', pattern: '^(19|20)' } as const;
export const instantSchema = { type: 'string', format: 'date-time' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const counts = { type: 'object', additionalProperties: count } as const;
/** A text in French, English or both. */
export const textSchema = { type: 'object', additionalProperties: { type: 'string' } } as const;

/** SHA-256 in hex of an analysis that was confirmed. */
export const digestSchema = {
  type: 'string',
  pattern: '^[0-9a-f]{64}$',
  description: 'Digest of the analysis that was confirmed: exactly that is done, or nothing.',
} as const;

export const orNull = <T extends { type: string }>(schema: T) => ({ ...schema, type: [schema.type, 'null'] });
export const oneOf = (values: readonly string[]) => ({ type: 'string', enum: values });

/** How a session was, or would be, taken back. */
export const withdrawalModeSchema = {
  ...oneOf(['withdrawal', 'revocation']),
  description:
    'withdrawal: nothing of it stays visible. revocation: a badge was shown, or is older than 24 hours; all of ' +
    'them stay known as revoked.',
};

/** For the descriptions: what {organisation} is in every path. */
export const organisationParam = { organisation: 'Id or slug of an organisation the client may act in.' };

const text = { type: 'string' } as const;

/** Every reason that a check can give (docs/guides/reasons.en.md). */
export const reasonSchema = {
  title: 'ReasonCode',
  ...oneOf(Object.keys(reasonTexts)),
  description:
    'Why a check passed, failed or could not be made. Codes are stable; new ones may come. Each is explained in the guide of reasons.',
};

export const verdictSchema = oneOf(['authentic', 'expired', 'withdrawn', 'cannot_check', 'not_authentic']);
export const issuerSchema = objectOf({ id: text, name: text }, ['name']);

/** What is told of results beside the verdict. */
export const resultsSchema = {
  type: 'array',
  items: objectOf(
    {
      ...{ code: oneOf(resultCodes), detail: textSchema, path: text },
      ...{ name: text, achieved: text, required: text, allowed: text },
    },
    ['name', 'achieved', 'required', 'allowed'],
  ),
  description:
    'What should be known of its results beside the verdict, in the badge’s own words: below what its description asks for, not passed or finished, outside of what is allowed. The path is a JSON Pointer.',
} as const;

/** What a record (ClrCredential) holds, each with an answer of its own. */
export const badgesInsideSchema = {
  type: 'array',
  items: objectOf(
    {
      ...{
        id: text,
        name: text,
        by: issuerSchema,
        verdict: verdictSchema,
        code: reasonSchema,
        detail: textSchema,
      },
      results: resultsSchema,
    },
    ['id', 'name', 'by', 'results'],
  ),
  description:
    'Of a record (ClrCredential), or of a presentation of several badges: its badges one by one, each checked by its own proof.',
} as const;
