import { StartRefused } from '../../../libs/platform/src/processes.js';

interface Encoding {
  database: string;
  encoding: string;
}

const remedy = "create database … encoding 'UTF8' locale 'C.UTF-8' template template0";

/**
 * Asks before anything is changed: names and texts of badges do not fit in another encoding.
 * @param ask runs a question on the database and gives its rows
 * @throws StartRefused `database_not_utf8`
 */
export async function refuseOtherEncoding(ask: (sql: string) => Promise<Encoding[]>): Promise<void> {
  const [found] = await ask(
    "select current_database() as database, current_setting('server_encoding') as encoding",
  );
  const { database, encoding } = found!;
  if (encoding === 'UTF8') return;
  throw new StartRefused('database_not_utf8', {
    fr: `La base ${database} a l’encodage ${encoding}, Insigne demande UTF8, et l’encodage d’une base ne se change pas. Créez-en une autre (${remedy}) et donnez son adresse dans DATABASE_URL. Rien n’a été changé.`,
    en: `The database ${database} has the encoding ${encoding}; Insigne needs UTF8, and the encoding of a database cannot be changed. Create another one (${remedy}) and give its address in DATABASE_URL. Nothing was changed.`,
  });
}
