/**
 * A value of a stranger's document as text, for a remark or to compare it. Never throws: JSON may hold an object whose
 * `toString` is a number, and `String` would.
 */
export const said = (value: unknown): string =>
  value !== null && typeof value === 'object' ? JSON.stringify(value).slice(0, 200) : String(value);
