import type { JsonObject } from '#signing';
import { eachString } from './lint-text.js';
import { said } from './said.js';

export type PrivacyFaultCode =
  | 'private_email'
  | 'private_phone'
  | 'private_birth_date'
  | 'private_contact'
  | 'identity_not_hashed';

const email = /[^\s@]@[^\s@]/;
const phone = /(?<![\w.-])(?:\+|00)?\(?\d(?:[ .\-()/\u00A0\u202F]{0,2}\d){8,14}(?![\w-])/;
const birth = /birth|naissance/i;
const contact = /^(e-?mail|phone|telephone|mobile|address)$/i;
const opaque = /^(sha256\$[0-9a-f]{64}|urn:|https?:\/\/|did:)/;
const opaqueNames = /\/(salt|type|id|identityType|resultDescription|achievedLevel)(\/\d+)?$/;

/**
 * Personal data that a badge anybody may see must not carry in its subject: no e-mail, phone or birth date, and
 * identifiers only as hashes. The achievement and the source are about organisations and are left out; badges that a
 * record gathers are looked at one by one.
 */
export function privacyFaults(credential: JsonObject): { path: string; code: PrivacyFaultCode }[] {
  const subject = credential.credentialSubject;
  if (subject === null || typeof subject !== 'object') return [];
  const { achievement: _a, source: _s, verifiableCredential = [], ...personal } = subject as JsonObject;
  const faults: { path: string; code: PrivacyFaultCode }[] = [];
  const base = '/credentialSubject';
  for (const [i, identifier] of ([personal.identifier ?? []].flat() as JsonObject[]).entries())
    if (identifier?.hashed !== true || !/^sha256\$[0-9a-f]{64}$/.test(said(identifier?.identityHash)))
      faults.push({ path: `${base}/identifier/${i}`, code: 'identity_not_hashed' });
  const look = (text: string, path: string): void => {
    const isName = path.endsWith(`/${text}`);
    if (isName && birth.test(text)) faults.push({ path, code: 'private_birth_date' });
    else if (isName && contact.test(text)) faults.push({ path, code: 'private_contact' });
    else if (email.test(text)) faults.push({ path, code: 'private_email' });
    else if (phone.test(text) && !opaque.test(text) && !opaqueNames.test(path))
      faults.push({ path, code: 'private_phone' });
  };
  eachString(personal, look, base);
  for (const [i, inner] of ([verifiableCredential].flat() as unknown[]).entries())
    if (inner !== null && typeof inner === 'object')
      for (const { path, code } of privacyFaults(inner as JsonObject))
        faults.push({ path: `${base}/verifiableCredential/${i}${path}`, code });
  return faults;
}
