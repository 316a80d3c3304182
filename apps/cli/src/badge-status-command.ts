import {
  BadgeReader,
  type ChangedStatus,
  ChangeStatus,
  type NamedBadge,
  type StatusReason,
  statusReasons,
} from '#badges';
import { onInstance, organisationOf } from './command.js';
import { reasonIn } from './status-reason.js';
import { showingInWords } from './taking-back-command.js';
import { terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const usual: Record<'suspend' | 'reinstate', StatusReason> = {
  suspend: 'under_review',
  reinstate: 'review_closed',
};

/** An address or a public id, as people copy it: with a language, a fragment, or a slash at its end. */
export const publicIdIn = (text: string): string =>
  text
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '')
    .split('/')
    .at(-1)!
    .replace(/\.(json|jwt)$/, '');

/** `insigne badge suspend|reinstate PUBLIC_ID…`: all of them, or none. @returns the exit code */
export const changeBadgeStatus = async (change: 'suspend' | 'reinstate', words: Words): Promise<number> => {
  const reasonClass = reasonIn(words, change, usual[change]);
  return onInstance(words, async ({ service, values, positionals }) => {
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const changing = new ChangeStatus(service.database);
    const request = {
      organisationId,
      publicIds: positionals.map(publicIdIn),
      change,
      reasonClass,
      by: actorIn({ values }),
    };
    const dryRun = values['dry-run'] === true;
    const language = terminalLanguage();
    const tell = (changed: ChangedStatus[], inWords: string[]): void =>
      console.log(values.json ? JSON.stringify({ dryRun, changed }, null, 2) : inWords.join('\n'));
    if (dryRun) {
      const named = await changing.preview(request);
      tell(named, [
        ...named.map((one) => tellNamed(one, service.origin, language, reasonClass)),
        sentences[language].dry,
      ]);
    } else {
      const changed = await changing.run(request);
      tell(changed, [tellStates(changed, language, reasonClass)]);
    }
    return 0;
  });
};

const states = {
  fr: { active: 'en cours', suspended: 'suspendu', revoked: 'retiré' },
  en: { active: 'active', suspended: 'suspended', revoked: 'revoked' },
};
const sentences = {
  fr: {
    already: 'déjà',
    replacedBy: 'remplacé par',
    stays: ' ; la raison reste : ',
    dry: 'Essai : rien n’a été changé.',
  },
  en: {
    already: 'already',
    replacedBy: 'replaced by',
    stays: '; the reason stays: ',
    dry: 'Dry run: nothing was changed.',
  },
};

type State = Pick<ChangedStatus, 'publicId' | 'state' | 'isChanged' | 'reason' | 'replacedBy'>;

/** What each badge is now, one line each. */
export const tellStates = (changed: State[], language: 'fr' | 'en', given: StatusReason): string =>
  changed.map((one) => tellState(one, language, given)).join('\n');

/**
 * What a badge is now: its public id, its state, and whether it was in it.
 * @param given the reason that the command has: one that was told before stays, and is named when it is another
 */
export function tellState(one: State, language: 'fr' | 'en', given: StatusReason): string {
  const { already, replacedBy, stays } = sentences[language];
  const newer = one.replacedBy === null ? '' : ` : ${replacedBy} ${one.replacedBy}`;
  const why =
    one.reason === null || one.reason === given ? '' : `${stays}${statusReasons[one.reason][language]}`;
  return `${one.publicId}\t${states[language][one.state]}${one.isChanged ? '' : ` (${already}${newer}${why})`}`;
}

/** What becomes of a badge that was named, whose it is, and who can have seen it where. */
export function tellNamed(
  one: NamedBadge,
  origin: string,
  language: 'fr' | 'en',
  given: StatusReason,
): string {
  const showing = showingInWords(one, language);
  const where = one.shown ? `${showing}, ${origin}/b/${one.publicId}` : showing;
  return `${tellState(one, language, given)}\t${[one.badge, one.personId, where].join(' · ')}`;
}

/** `insigne badge history PUBLIC_ID`: every change of its status. @returns the exit code */
export const badgeHistory = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [address] }) => {
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const changes = await new BadgeReader(service.database).changesOf(organisationId, publicIdIn(address!));
    if (values.json) console.log(JSON.stringify(changes, null, 2));
    else
      for (const { changedAt, change, toState, reason, by } of changes)
        console.log(
          [changedAt.toISOString(), change, toState, statusReasons[reason][terminalLanguage()], by].join(
            '\t',
          ),
        );
    return 0;
  });
