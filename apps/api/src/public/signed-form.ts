import type { IncomingHttpHeaders } from 'node:http';
import { type Form, negotiateForm } from './negotiation.js';

export interface SignedForm {
  id: string;
  /** Undefined when none of the accepted forms exists. */
  form?: Form;
  mediaType: string;
}

/** Which form of a signed thing is asked for: by the address's ending, else by what the client accepts. */
export function signedForm(address: string, headers: IncomingHttpHeaders): SignedForm {
  const [, id, ending] = /^(.+)\.(json|jwt)$/.exec(address) ?? [];
  if (id && ending === 'json') return { id, form: 'json', mediaType: 'application/ld+json' };
  if (id) return { id, form: 'jwt', mediaType: 'application/vc+jwt' };
  const wanted = negotiateForm(headers);
  return { id: address, form: wanted?.form, mediaType: wanted?.mediaType ?? '' };
}
