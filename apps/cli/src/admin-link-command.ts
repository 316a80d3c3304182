import { createOperatorLink, operatorLinkMinutes, revokeOperatorAccess } from '#people';
import { onInstance } from './command.js';
import { terminalLanguage } from './terminal.js';

/** Where a person with this token comes in. */
export const operatorLink = (origin: string, token: string): string => `${origin}/operations/enter/${token}`;

/** `insigne admin-link [--revoke-all]`: a way into /operations for whoever runs the machine. @returns the exit code */
export const adminLinkCommand = (args: string[]): Promise<number> =>
  onInstance(args, { 'revoke-all': { type: 'boolean' } }, async ({ service, values }) => {
    const isFrench = terminalLanguage() === 'fr';
    if (values['revoke-all']) {
      const ended = await revokeOperatorAccess(service.database.manager, 'cli');
      console.error(
        isFrench
          ? `Accès retirés : ${ended} session(s) et tous les liens non utilisés.`
          : `Access withdrawn: ${ended} session(s) and every unused link.`,
      );
      return 0;
    }
    const { token } = await createOperatorLink(service.database);
    console.error(
      isFrench
        ? `À ouvrir dans un navigateur, une seule fois, d'ici ${operatorLinkMinutes} minutes :`
        : `Open in a browser, once, within ${operatorLinkMinutes} minutes:`,
    );
    console.log(operatorLink(service.origin, token));
    return 0;
  });
