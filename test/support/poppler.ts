import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Are the programs that read PDF for the tests on this machine? */
export const hasPoppler = (): boolean =>
  ['pdftotext', 'pdfinfo', 'pdftoppm'].every((name) =>
    (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name))),
  );
