import { DataSource } from 'typeorm';
import { createOperatorLink, operatorLinkMinutes, revokeOperatorAccess } from '#people';
import { dataSourceOptions } from '#platform';
import { onInstance } from './command.js';
import { terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const linkOf = (origin: string, token: string): string => `${origin}/operations/enter/${token}`;

/** A one-time link to the operations page of a service that runs. @param databaseUrl the api's role */
export async function makeAdminLink(databaseUrl: string, origin: string): Promise<string> {
  const database = await new DataSource(
    dataSourceOptions({ url: databaseUrl, entities: [], poolSize: 1 }),
  ).initialize();
  try {
    const { token } = await createOperatorLink(database);
    return linkOf(origin, token);
  } finally {
    await database.destroy();
  }
}

/** `insigne admin-link [--revoke-all]`: a way into /operations for whoever runs the machine. @returns the exit code */
export const adminLinkCommand = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const isFrench = terminalLanguage() === 'fr';
    if (values['revoke-all']) {
      const ended = await revokeOperatorAccess(service.database.manager, actorIn({ values }));
      console.error(
        isFrench
          ? `Accès retirés : ${ended} session(s) et tous les liens non utilisés.`
          : `Access withdrawn: ${ended} session(s) and every unused link.`,
      );
      return 0;
    }
    const { token } = await createOperatorLink(service.database, actorIn({ values }));
    console.error(
      isFrench
        ? `À ouvrir dans un navigateur, une seule fois, d'ici ${operatorLinkMinutes} minutes :`
        : `Open in a browser, once, within ${operatorLinkMinutes} minutes:`,
    );
    console.log(linkOf(service.origin, token));
    return 0;
  });
