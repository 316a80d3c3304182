import { generateKeyPairSync, sign } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { issue } from '@digitalbazaar/vc';
import fc from 'fast-check';
import {
  Bitstring,
  buildStatusListCredential,
  type JsonObject,
  multikeyOf,
  prepare,
  proofFor,
  signWithDataIntegrity,
} from '#signing';
import { lintCredential } from '#verification';
import { accepted, documentLoader } from './their-verifier.js';
import {
  aBadge,
  anAchievement,
  aSubject,
  edMethod,
  issuedAt,
  issuerDid,
  keys,
  listUrl,
  signed,
  verify,
} from './world.js';

describe('@digitalbazaar/vc', () => {
  it('accepts our badge', async () => {
    expect(await accepted(await signed())).toBe(true);
  });

  it('accepts our status list', async () => {
    const list = buildStatusListCredential({
      id: listUrl,
      issuer: issuerDid,
      bits: Bitstring.ofLength(),
      validFrom: issuedAt,
    });
    expect(await accepted(await signed(list))).toBe(true);
  });

  it('refuses our badge after one byte changed', async () => {
    const badge = await signed();
    const text = JSON.stringify(badge);
    const at = text.indexOf('Joint un fichier');
    const changed = JSON.parse(`${text.slice(0, at)}j${text.slice(at + 1)}`) as JsonObject;
    expect(await accepted(changed)).toBe(false);
    expect((await verify(changed)).verdict).toBe('not_authentic');
  });

  it('makes proofs that we accept, equal to ours byte for byte', async () => {
    const theirs = (await issue({
      credential: aBadge(),
      suite: new DataIntegrityProof({
        cryptosuite,
        date: '2026-11-20T09:30:00Z',
        signer: {
          id: edMethod,
          algorithm: 'Ed25519',
          sign: async ({ data }: { data: Uint8Array }) => new Uint8Array(sign(null, data, keys.ed)),
        },
      }),
      documentLoader,
    })) as JsonObject;
    const ours = (await signed()).proof as JsonObject[];
    expect(theirs.proof).toEqual(ours[0]);
    expect((await verify(theirs)).verdict).toBe('authentic');
  });
});

describe('any Unicode text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(
        '\t',
        '\r',
        '\n',
        '\u0000',
        '\u007f',
        '\u202e',
        '\ud800',
        '"',
        '\\',
        '>',
        '\u00a0',
        '\u{1f393}',
      ),
      minLength: 1,
      maxLength: 8,
    }),
  );

  it('survives signing and two verifiers, or is refused by the linter with a reason', async () => {
    let signedTexts = 0;
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, description, narrative) => {
        const achievement = anAchievement({
          name,
          description,
          criteria: { id: 'https://badges.example/criteria', narrative },
        });
        const document = aBadge({ name, credentialSubject: aSubject({ achievement }) });
        const { faults, prepared } = await lintCredential(document);
        if (!prepared) {
          expect(faults.length).toBeGreaterThan(0);
          for (const fault of faults) expect(fault.detail.fr && fault.detail.en).toBeTruthy();
          return;
        }
        signedTexts += 1;
        const badge = {
          ...document,
          proof: [
            await proofFor(prepared, {
              privateKey: keys.ed,
              verificationMethod: edMethod,
              created: issuedAt,
            }),
          ],
        };
        const sent = JSON.parse(JSON.stringify(badge)) as JsonObject;
        expect((sent.name as string) === name).toBe(true);
        expect(await accepted(sent)).toBe(true);
        expect((await verify(sent)).verdict).toBe('authentic');
      }),
      { numRuns: 60 },
    );
    expect(signedTexts).toBeGreaterThan(5);
  });

  it('never lets a proof of one text stand for another', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        // Half characters have no UTF-8 of their own; the linter refuses them.
        fc.pre(one !== other && !/\p{Surrogate}/u.test(one + other));
        const a = await prepare(aBadge({ name: one }));
        const b = await prepare(aBadge({ name: other }));
        expect(a.documentHash.equals(b.documentHash)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('signs with a key made a moment ago just as well', async () => {
    const pair = generateKeyPairSync('ed25519');
    const id = `did:key:${multikeyOf(pair.publicKey)}`;
    const document = aBadge({ issuer: { id, type: ['Profile'] } });
    delete document.credentialStatus;
    const badge = await signWithDataIntegrity({
      document,
      privateKey: pair.privateKey,
      verificationMethod: `${id}#${id.slice(8)}`,
      created: issuedAt,
    });
    expect((await verify(badge)).verdict).toBe('authentic');
  });
});
