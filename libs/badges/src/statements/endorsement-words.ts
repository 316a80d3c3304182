import { EndorsementRefused } from './endorsement-errors.js';

export const shortestComment = 20;
export const longestComment = 1_500;
export const longestName = 120;
const longestUrl = 300;

// What the linter refuses later, and reading orders turned round, are refused before anything is kept.
// \p{Cc} without the newline.
const unfit = /(?!\n)\p{Cc}|[\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u;
const link = /https?:|www\.|\]\(/i;
const email = /[^\s@]@[^\s@]/;
const phone = /(?<![\w.-])(?:\+|00)?\(?\d(?:[ .\-()/\u00A0\u202F]{0,2}\d){8,14}(?![\w-])/;

/**
 * What an endorser says, as it will be signed: NFC, lines ended by a newline, no white space around, 20 to 1,500
 * characters. No links (nobody follows an unchecked one from our pages), no e-mail and no telephone number.
 * @throws EndorsementRefused (`endorsement_refused`)
 */
export function cleanComment(given: string): string {
  const comment = given.replace(/\r\n?/g, '\n').normalize('NFC').trim();
  refuseUnfit('comment', comment);
  const length = [...comment].length;
  if (length < shortestComment)
    throw new EndorsementRefused('comment', 'too_short', `Write at least ${shortestComment} characters`);
  if (length > longestComment)
    throw new EndorsementRefused('comment', 'too_long', `Write at most ${longestComment} characters`);
  if (link.test(comment))
    throw new EndorsementRefused(
      'comment',
      'has_link',
      'Leave links out of the text: the site has its own field',
    );
  if (email.test(comment) || phone.test(comment))
    throw new EndorsementRefused(
      'comment',
      'has_contact',
      'Leave e-mail addresses and telephone numbers out: anybody may read this',
    );
  return comment;
}

/** The organisation in whose name words from outside are given. @throws EndorsementRefused (`endorsement_refused`) */
export function cleanEndorserName(given: string): string {
  const name = given.normalize('NFC').trim();
  if (name === '') throw new EndorsementRefused('name', 'missing', 'Give the name of the organisation');
  if (unfit.test(name) || name.includes('\n'))
    throw new EndorsementRefused('name', 'control_character', 'Write the name in one line of plain text');
  if ([...name].length > longestName)
    throw new EndorsementRefused('name', 'too_long', `Write at most ${longestName} characters`);
  if (link.test(name) || email.test(name) || phone.test(name))
    throw new EndorsementRefused('name', 'has_contact', 'Give a name alone, without addresses or numbers');
  return name;
}

/** Its public site, https only, or null when none was given. @throws EndorsementRefused (`endorsement_refused`) */
export function cleanEndorserUrl(given: string | undefined): string | null {
  const text = (given ?? '').trim();
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    text.length > longestUrl ||
    unfit.test(text) ||
    url?.protocol !== 'https:' ||
    url.username !== '' ||
    url.password !== '' ||
    !url.hostname.includes('.')
  )
    throw new EndorsementRefused(
      'url',
      'not_an_address',
      'Give the address of a site that begins with https://',
    );
  return url.href;
}

function refuseUnfit(field: 'comment', text: string): void {
  if (unfit.test(text))
    throw new EndorsementRefused(
      field,
      'control_character',
      'The text holds a tab or a character that cannot be shown: type it again as plain text',
    );
}
