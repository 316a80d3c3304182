const startsFormula = /^[\s"'\ufeff]*[=+\-@\t\r＝＋－＠]/u;

const startsControl = /^'*[\t\r\n]/;

// What looks as if it had been neutralised already needs it too: `restore` then undoes exactly what was done.
const needsApostrophe = (cell: string): boolean => startsFormula.test(cell) || startsControl.test(cell);

/**
 * A cell for a CSV export that no spreadsheet program will run: an apostrophe is put before what would start a
 * formula (`=`, `+`, `-`, `@`, tab, carriage return, also after spaces, quotes or a byte order mark).
 * Reading it back with `restore` gives the same text.
 */
export const neutralise = (cell: string): string => (needsApostrophe(cell) ? `'${cell}` : cell);

/** The text before `neutralise`. */
export const restore = (cell: string): string =>
  cell.startsWith("'") && needsApostrophe(cell.slice(1)) ? cell.slice(1) : cell;
