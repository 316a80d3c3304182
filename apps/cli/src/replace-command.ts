import { type BadgeReplacement, ReplaceBadge } from '#badges';
import { publicIdIn } from './badge-status-command.js';
import { onInstance, organisationOf } from './command.js';
import { reasonIn } from './status-reason.js';
import { formatTakingBack, languageOf, tellThenDo } from './taking-back-command.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const sentences = {
  fr: { before: 'Déjà remplacé ; rien ne change. Le nouveau badge :', now: 'Le nouveau badge :' },
  en: { before: 'Replaced before; nothing changes. The new badge:', now: 'The new badge:' },
};

/** `insigne badge replace PUBLIC_ID`: a corrected badge in the place of a wrong one. @returns the exit code */
export const replaceCommand = async (words: Words): Promise<number> => {
  const reasonClass = reasonIn(words, 'replace', 'issued_in_error');
  return onInstance(words, async ({ service, values, positionals }) => {
    const address = positionals[0]!;
    const given = values as Record<string, string | undefined>;
    const { 'given-name': givenName, 'family-name': familyName, 'held-on': heldOn } = given;
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const fault = {
      ...(givenName !== undefined && { givenName }),
      ...(familyName !== undefined && { familyName }),
      ...(heldOn !== undefined && { heldOn }),
    };
    const request = {
      organisationId,
      publicId: publicIdIn(address),
      fault,
      reasonClass,
      by: actorIn({ values }),
    };
    const replacing = new ReplaceBadge(service.database, service.queue, service.origin);
    const say = sentences[languageOf(values)];
    const link = (publicId: string): string => `${service.origin}/b/${publicId}`;
    return tellThenDo(
      { values },
      {
        analyse: () => replacing.analyse(request),
        run: (expectedDigest) => replacing.run({ ...request, expectedDigest }),
      },
      (told, language) =>
        told.replacedBy === null
          ? formatTakingBack(told, language)
          : `${say.before} ${link(told.replacedBy)}`,
      // Nothing to confirm has no digest: it was replaced before, and that was said.
      ({ digest, replacedBy }: BadgeReplacement, usual) =>
        digest === '' ? [] : [usual, `${say.now} ${link(replacedBy!)}`],
    );
  });
};
