import { enveloped } from '../any-world.js';
import { aJwt, claimsOf } from '../jwts.js';
import { aBadge, signedJwt } from '../world.js';
import type { Family, Handed } from './family.js';

const genuine = (): string => aJwt(claimsOf(aBadge()));
const forged = (): string => signedJwt().replace(/[^.]+$/, 'AAAA');
const envelope = (id: string): Handed => ({ input: { ...enveloped('x'), id } });
const inEnvelope = (kind: string, content = genuine()): Handed => envelope(`data:${kind},${content}`);

/** A badge in an EnvelopedVerifiableCredential, handed in alone. */
export const envelopes: Family = {
  form: 'VC-JWT in an envelope',
  original: () => inEnvelope('Application/VC+JWT;charset=utf-8'),
  faults: [
    [
      'an SD-JWT',
      'parse unknown envelope_not_supported',
      () => inEnvelope('application/vc+sd-jwt', `${genuine()}~`),
    ],
    [
      'a JWT that says it is something else',
      'parse unknown envelope_not_supported',
      () => inEnvelope('application/vc+cose'),
    ],
    [
      'a forged JWT that says it is something else',
      'parse unknown envelope_not_supported',
      () => inEnvelope('application/vc+sd-jwt', forged()),
    ],
    ['a forged JWT', 'proof failed signature_wrong', () => inEnvelope('application/vc+jwt', forged())],
    [
      'an SD-JWT that says it is a JWT',
      'parse failed not_a_credential',
      () => inEnvelope('application/vc+jwt', `${genuine()}~`),
    ],
    ['half a JWT', 'parse failed not_a_credential', () => inEnvelope('application/vc+jwt', 'e30')],
    ['nothing in it', 'parse failed not_a_credential', () => inEnvelope('application/vc+sd-jwt', '')],
    ['no kind at all', 'parse failed not_a_credential', () => inEnvelope('')],
    [
      'an address of the web, a kind in it',
      'parse failed not_a_credential',
      () => envelope(`https://evil.example/data:application/vc+sd-jwt,${genuine()}`),
    ],
    ['no comma', 'parse failed not_a_credential', () => envelope('data:application/vc+sd-jwt')],
  ],
};
