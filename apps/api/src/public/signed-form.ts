import type { IncomingHttpHeaders } from 'node:http';
import { type Form, negotiateForm } from './negotiation.js';

export interface SignedForm {
  id: string;
  /** Undefined when none of the accepted forms exists. */
  form?: Form;
  mediaType: string;
}

/** The id in an address that may end with a form. */
export const idIn = (address: string): string => address.replace(/\.(json|jwt)$/, '');

/**
 * Which form of a signed thing is asked for: by the address's ending, else by what the client accepts.
 * @param forms those that there are beside the page; both when left out
 */
export function signedForm(
  address: string,
  headers: IncomingHttpHeaders,
  forms: readonly Form[] = ['json', 'jwt'],
): SignedForm {
  const [, id, ending] = /^(.+)\.(json|jwt)$/.exec(address) ?? [];
  if (id && ending === 'json') return { id, form: 'json', mediaType: 'application/ld+json' };
  if (id) return { id, form: 'jwt', mediaType: 'application/vc+jwt' };
  const wanted = negotiateForm(headers, ['html', ...forms]);
  return { id: address, form: wanted?.form, mediaType: wanted?.mediaType ?? '' };
}
