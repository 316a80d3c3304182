/** A list of values is read as a list up to here; whoever needs a longer one takes it from the description itself. */
const mostValues = 30;
const shownValues = 3;

/** A schema as indented JSON for the page, its long lists of values cut short and counted. */
export const shortSchema = (schema: object): string =>
  JSON.stringify(
    schema,
    (name, value: unknown) =>
      name === 'enum' && Array.isArray(value) && value.length > mostValues
        ? [...value.slice(0, shownValues), `… ${value.length - shownValues} more in /api/v1/openapi.json`]
        : value,
    2,
  );
