import { createPublicKey } from 'node:crypto';
import { didDocument, type JsonObject, jwkOf, multikeyOf } from '#signing';
import {
  aBadge,
  edMethod,
  issuerDid,
  issuerKeys,
  keys,
  origin,
  otherDid,
  rsaKid,
  signed,
  signedJwt,
} from '../world.js';
import { changed, type Family, type Fault, type Handed, plain } from './family.js';

const didUrl = `${origin}/issuers/north/did.json`;
const document = plain(didDocument({ did: issuerDid, keys: issuerKeys }));
const methods = document.verificationMethod as JsonObject[];
const withDocument = (page: unknown) => async (): Promise<Handed> => ({
  input: await signed(),
  web: { [didUrl]: page },
});
const withMethod = (change: JsonObject) =>
  withDocument(
    plain({
      ...document,
      verificationMethod: methods.map((one) => (one.id === edMethod ? { ...one, ...change } : one)),
    }),
  );
const withJwk = (page: unknown) => (): Handed => ({ input: signedJwt(), web: { [rsaKid]: page } });

export const didDocuments: Family = {
  form: 'DID document of the issuer',
  original: withDocument(document),
  faults: [
    ['away', 'issuer unknown issuer_unreachable', withDocument(undefined)],
    ['404', 'issuer unknown issuer_unreachable', withDocument(404)],
    ['a web page', 'issuer unknown issuer_document_unusable', withDocument('<html></html>')],
    [
      'a name twice',
      'issuer unknown issuer_document_unusable',
      withDocument(JSON.stringify(document).replace('{', '{"id":"x",')),
    ],
    ['about another', 'issuer failed issuer_document_unusable', withDocument({ ...document, id: otherDid })],
    ['without keys', 'issuer failed key_not_listed', withDocument({ ...document, verificationMethod: [] })],
    [
      'a key of another controller',
      'issuer failed key_of_another_issuer',
      withMethod({ controller: otherDid }),
    ],
    [
      'a key not for assertions',
      'issuer failed key_not_for_assertion',
      withDocument({ ...document, assertionMethod: [] }),
    ],
    [
      'another key under the same name',
      'issuer failed key_not_listed',
      withDocument({
        ...document,
        verificationMethod: [
          ...methods,
          ...methods.map((one) => ({
            ...one,
            publicKeyMultibase: multikeyOf(createPublicKey(keys.otherEd)),
          })),
        ],
      }),
    ],
    [
      'another key under its name',
      'proof failed signature_wrong',
      withMethod({ publicKeyMultibase: multikeyOf(createPublicKey(keys.otherEd)) }),
    ],
    ['a key that is none', 'issuer unknown key_unusable', withMethod({ publicKeyMultibase: 'z6Mk1' })],
    ['a key stolen before', 'issuer failed key_compromised', withMethod({ revoked: '2026-01-01T00:00:00Z' })],
    [
      'a key stolen since, without a register',
      'issuer unknown key_compromised_undated',
      async () => ({
        ...(await withMethod({ revoked: '2026-11-21T00:00:00Z' })()),
        web: {
          [didUrl]: plain({
            ...document,
            service: undefined,
            verificationMethod: methods.map((one) =>
              one.id === edMethod ? { ...one, revoked: '2026-11-21T00:00:00Z' } : one,
            ),
          }),
        },
      }),
    ],
    [
      'a DID with a port that is none',
      'issuer failed issuer_document_unusable',
      async () => {
        const did = 'did:web:badges.example%3Aabc';
        return {
          input: await signed(changed(aBadge(), 'issuer.id', did), { verificationMethod: `${did}#k` }),
        };
      },
    ],
    [
      'a DID method nobody knows',
      'issuer unknown issuer_method_not_supported',
      async () => ({
        input: await signed(changed(aBadge(), 'issuer.id', 'did:foo:1'), {
          verificationMethod: 'did:foo:1#k',
        }),
      }),
    ],
    [
      'a bare key nobody knows',
      'identity unknown identity_bare_key',
      async () => {
        const did = `did:key:${multikeyOf(createPublicKey(keys.ed))}`;
        const badge = plain(
          aBadge({ issuer: { id: did, type: ['Profile'], name: 'Université' }, credentialStatus: undefined }),
        );
        return { input: await signed(badge, { verificationMethod: `${did}#${did.slice(8)}` }) };
      },
    ],
    [
      'another person',
      'recipient failed recipient_other',
      async () => ({
        input: await signed(),
        options: { recipient: { name: 'Kévin' } },
      }),
    ],
    [
      'nobody to compare',
      'recipient unknown recipient_not_named',
      async () => ({
        input: await signed(),
        options: { recipient: { email: 'kevin@learner.example' } },
      }),
    ],
  ],
};

export const jwks: Family = {
  form: 'bare JWK of the issuer',
  original: withJwk(jwkOf(keys.rsa)),
  faults: (
    [
      ['away', 'issuer unknown key_unreachable', undefined],
      ['gone', 'issuer unknown key_unreachable', 410],
      ['of another key', 'issuer unknown key_not_bound', jwkOf(keys.otherRsa)],
      ['with its private half', 'issuer unknown key_unusable', keys.rsa.export({ format: 'jwk' })],
      ['without modulus', 'issuer unknown key_unusable', { kty: 'RSA', e: 'AQAB' }],
      ['as a list', 'issuer unknown key_unusable', [jwkOf(keys.rsa)]],
      ['a secret', 'issuer unknown key_unusable', { kty: 'oct', k: 'AAAA' }],
      [
        'a kind that every object has',
        'issuer unknown key_unusable',
        { ...jwkOf(keys.rsa), kty: 'constructor' },
      ],
    ] as [string, string, unknown][]
  ).map(([what, told, page]): Fault => [what, told, withJwk(page)]),
};
