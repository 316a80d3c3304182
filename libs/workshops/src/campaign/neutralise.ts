const startsFormula = /^[\s"'\ufeff]*[=+\-@\t\r＝＋－＠]/u;

/**
 * A cell for a CSV export that no spreadsheet program will run: an apostrophe is put before what would start a
 * formula (`=`, `+`, `-`, `@`, tab, carriage return, also after spaces, quotes or a byte order mark).
 * Reading it back with `restore` gives the same text.
 */
export const neutralise = (cell: string): string =>
  startsFormula.test(cell) || /^[\t\r\n]/.test(cell) || cell.startsWith("''") ? `'${cell}` : cell;

/** The text before `neutralise`. */
export const restore = (cell: string): string =>
  cell.startsWith("'") && neutralise(cell.slice(1)) === cell ? cell.slice(1) : cell;
