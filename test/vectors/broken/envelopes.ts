import { enveloped } from '../any-world.js';
import { aJwt, claimsOf } from '../jwts.js';
import { aBadge, signedJwt } from '../world.js';
import type { Family, Handed } from './family.js';

const genuine = (): string => aJwt(claimsOf(aBadge()));
const forged = (): string => signedJwt().replace(/[^.]+$/, 'AAAA');
const envelope = (id: string): Handed => ({ input: { ...enveloped('x'), id } });
/** As RFC 2397 writes what is not plain text. */
const base64 = (content = genuine()): string => Buffer.from(content).toString('base64');
const inBase64 = (content: string, kind = 'application/vc+jwt'): Handed =>
  inEnvelope(`${kind};base64`, content);
const inEnvelope = (kind: string, content = genuine()): Handed => envelope(`data:${kind},${content}`);

/** The same in base64. */
export const envelopesInBase64: Family = {
  form: 'VC-JWT in an envelope, in base64',
  original: () => inBase64(base64(), 'application/vc+jwt;charset=utf-8'),
  faults: [
    ['a forged JWT', 'proof failed signature_wrong', () => inBase64(base64(forged()))],
    ['cut off', 'parse failed not_a_credential', () => inBase64(base64().slice(0, 401))],
    ['a letter of no alphabet', 'parse failed not_a_credential', () => inBase64(`*${base64()}`)],
    ['a space in it', 'parse failed not_a_credential', () => inBase64(base64().replace(/.{76}/, '$& '))],
    ['too many signs at its end', 'parse failed not_a_credential', () => inBase64(`${base64()}====`)],
    ['another escape', 'parse failed not_a_credential', () => inBase64(base64().replace('e', '%65'))],
    ['in base64 twice', 'parse failed not_a_credential', () => inBase64(base64(base64()))],
    ['the JWT itself', 'parse failed not_a_credential', () => inBase64(genuine())],
    ['half a JWT', 'parse failed not_a_credential', () => inBase64(base64('e30'))],
    [
      'a badge that is no JWT',
      'parse failed not_a_credential',
      () => inBase64(base64(JSON.stringify(aBadge()))),
    ],
    ['a sign that is no letter', 'parse failed not_a_credential', () => inBase64(base64(`${genuine()}é`))],
    ['nothing in it', 'parse failed not_a_credential', () => inBase64('')],
    [
      'the word before another parameter',
      'parse failed not_a_credential',
      () => inEnvelope('application/vc+jwt;base64;charset=utf-8', base64()),
    ],
    [
      'the word as a value',
      'parse failed not_a_credential',
      () => inEnvelope('application/vc+jwt;as=base64', base64()),
    ],
    [
      'a parameter of another name',
      'parse failed not_a_credential',
      () => inEnvelope('application/vc+jwt;base64url', base64()),
    ],
    [
      'an SD-JWT',
      'parse unknown envelope_not_supported',
      () => inBase64(base64(`${genuine()}~`), 'application/vc+sd-jwt'),
    ],
    [
      'more than is read',
      'parse unknown too_large',
      () => inBase64(base64(`${genuine()}${'A'.repeat(1024 ** 2)}`)),
    ],
    [
      'more values than are read',
      'parse unknown too_large',
      () => inBase64(base64(aJwt({ ...claimsOf(aBadge()), values: Array(140_000).fill(0) }))),
    ],
  ],
};

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
