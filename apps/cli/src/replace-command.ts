import { type BadgeReplacement, isStatusReason, ReplaceBadge, type StatusReason } from '#badges';
import { publicIdIn } from './badge-status-command.js';
import { onInstance, organisationOf } from './command.js';
import { formatTakingBack, languageOf, tellThenDo } from './taking-back-command.js';
import { Usage } from './usage.js';

/** Why a badge is replaced; the others say that it was taken back, or that it is being looked at. */
const reasons: StatusReason[] = ['issued_in_error', 'register_corrected', 'learner_request', 'superseded'];

const usage =
  'insigne badge replace PUBLIC_ID [--given-name NAME] [--family-name NAME] [--held-on YYYY-MM-DD] [--reason CODE]\n' +
  `  [--organisation SLUG] [--dry-run] [--expect DIGEST] [--json]\nCODE: ${reasons.join(' ')}`;

const words = {
  fr: { before: 'Déjà remplacé ; rien ne change. Le nouveau badge :', now: 'Le nouveau badge :' },
  en: { before: 'Replaced before; nothing changes. The new badge:', now: 'The new badge:' },
};

const isDay = (day: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) === true;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  organisation: text,
  reason: text,
  'given-name': text,
  'family-name': text,
  'held-on': text,
  expect: text,
  'dry-run': flag,
  json: flag,
  lang: text,
};

/** `insigne badge replace PUBLIC_ID`: a corrected badge in the place of a wrong one. @returns the exit code */
export const replaceCommand = (args: string[]): Promise<number> =>
  onInstance(args, options, async ({ service, values, positionals: [address, ...more] }) => {
    const given = values as Record<string, string | undefined>;
    const { 'given-name': givenName, 'family-name': familyName, 'held-on': heldOn } = given;
    const reasonClass = given.reason ?? 'issued_in_error';
    if (
      !address ||
      more.length > 0 ||
      !isStatusReason(reasonClass) ||
      !reasons.includes(reasonClass) ||
      (heldOn !== undefined && !isDay(heldOn))
    )
      throw new Usage(usage);
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const fault = {
      ...(givenName !== undefined && { givenName }),
      ...(familyName !== undefined && { familyName }),
      ...(heldOn !== undefined && { heldOn }),
    };
    const request = { organisationId, publicId: publicIdIn(address), fault, by: 'cli' };
    const replacing = new ReplaceBadge(service.database, service.queue, service.origin);
    const say = words[languageOf(values)];
    const link = (publicId: string): string => `${service.origin}/b/${publicId}`;
    return tellThenDo(
      { values },
      {
        analyse: () => replacing.analyse(request),
        run: (expectedDigest) => replacing.run({ ...request, expectedDigest, reasonClass }),
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
