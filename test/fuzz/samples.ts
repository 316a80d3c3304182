import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import { createSignCryptosuite as jcsSuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { issue } from '@digitalbazaar/vc';
import QRCode from 'qrcode';
import { bakePng, bakeSvg } from '#baking';
import { readProjectJson } from '#platform';
import { bundledContexts, type JsonObject } from '#signing';
import {
  aCredential,
  aParty,
  aPresentation,
  challenge,
  domain,
  enveloped,
  issued,
  jwtOf,
  presented,
} from '../vectors/any-world.js';
import { aJwt, claimsOf } from '../vectors/jwts.js';
import { anAssertion, aSignedAssertion, assertionUrl, endorsementUrl } from '../vectors/ob2-world.js';
import { anOlderBadge } from '../vectors/older-shape.js';
import { aPng } from '../vectors/pictures.js';
import { anEndorsement, aRecord } from '../vectors/statements.js';
import { aBadge, edMethod, keys, signed, signedJwt } from '../vectors/world.js';

/** Through which door something comes in. */
export type Door = 'badge' | 'file' | 'text' | 'any credential' | 'presentation';

/** Something real to make inputs from. */
export interface Sample {
  door: Door;
  form: string;
  content: JsonObject | string | Buffer;
  /** Is it taken as it is? */
  isSound: boolean;
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>';
const date = '2026-11-20T09:30:00Z';
const ed25519Context = 'https://w3id.org/security/suites/ed25519-2020/v1';
const { loader: documentLoader } = bundledContexts;

// Keys that stay, so that a number makes the same input again.
const issuer = aParty(keys.ed);
const holder = aParty(keys.otherEd);

/** A badge under a suite of another program. */
async function under(suite: object, ...contexts: string[]): Promise<JsonObject> {
  const badge = aBadge();
  const credential = { ...badge, '@context': [...(badge['@context'] as string[]), ...contexts] };
  return (await issue({ credential, suite, documentLoader })) as JsonObject;
}

async function badges(): Promise<[form: string, content: JsonObject | string][]> {
  const badge = await signed();
  const signer = { ...issuer.signer, id: edMethod };
  const subject = { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: [badge] };
  return [
    ['eddsa-rdfc-2022', badge],
    ['endorsement', await signed(anEndorsement())],
    ['record', await signed(aRecord({ credentialSubject: subject }))],
    ['eddsa-jcs-2022', await under(new DataIntegrityProof({ signer, cryptosuite: jcsSuite(), date }))],
    ['Ed25519Signature2020', await under(new Ed25519Signature2020({ signer, date }), ed25519Context)],
    // These proofs have a random number inside: what was made once is kept.
    ['ecdsa-rdfc-2019', readProjectJson<JsonObject>('test/vectors/ecdsa-badge.json')],
    ['ecdsa-sd-2023 derived', readProjectJson<JsonObject>('test/vectors/derived-badge.json')],
    ['VC 1.1', await signed(anOlderBadge())],
    ['OB 2.0 hosted', anAssertion()],
    ['VC-JWT', signedJwt()],
    ['VC 1.1 JWT', aJwt(claimsOf(anOlderBadge()))],
    ['OB 2.0 signed', aSignedAssertion({ endorsement: endorsementUrl })],
  ];
}

async function credentials(badge: JsonObject, record: JsonObject): Promise<[string, JsonObject][]> {
  const plain = aCredential({ issuer: issuer.did });
  return [
    ['any kind', await issued(plain, issuer)],
    ['badge', badge],
    ['record', record],
    ['enveloped', enveloped(jwtOf(plain, issuer, { typ: 'vc+jwt' }))],
    ['enveloped badge', enveloped(signedJwt())],
  ];
}

async function presentations(badge: JsonObject): Promise<[string, JsonObject, boolean?][]> {
  const plain = aCredential({ issuer: issuer.did });
  const embedded = await issued(plain, issuer);
  const envelope = enveloped(jwtOf(plain, issuer, { typ: 'vc+jwt' }));
  const presentation = (given: JsonObject) => aPresentation({ holder: holder.did, ...given });
  const shown = async (given: JsonObject) => presented(await presentation(given), { by: holder });
  const claims = { iss: holder.did, nonce: challenge, aud: domain };
  const asJwt = async (given: JsonObject): Promise<JsonObject> =>
    enveloped(
      jwtOf({ ...(await presentation(given)), ...claims }, holder, { typ: 'vp+jwt' }),
      'Presentation',
    );
  const older = {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiablePresentation'],
    verifiableCredential: [await signed(anOlderBadge()), signedJwt()],
  };
  return [
    ['embedded', await shown({ verifiableCredential: [badge, embedded] })],
    ['embedded, JWT inside', await shown({ verifiableCredential: [envelope] })],
    ['enveloped', await asJwt({ verifiableCredential: [embedded] })],
    ['enveloped, JWT inside', await asJwt({ verifiableCredential: [envelope, badge] })],
    ['of the holder’s word', await shown({ verifiableCredential: [aCredential({ issuer: holder.did })] })],
    // Presentations of VC 1.1 are not taken: they must be refused, whatever is in them.
    ['VC 1.1', older, false],
  ];
}

async function files(badge: JsonObject): Promise<[string, Buffer, boolean?][]> {
  const hosted = JSON.stringify(anAssertion());
  return [
    ['PNG', bakePng(aPng(), JSON.stringify(badge), 'ob3')],
    ['PNG with a JWT', bakePng(aPng(), signedJwt(), 'ob3')],
    ['PNG with OB 2.0', bakePng(aPng(), hosted, 'ob2')],
    ['SVG', Buffer.from(bakeSvg(svg, JSON.stringify(badge), 'ob3'))],
    ['SVG with OB 2.0', Buffer.from(bakeSvg(svg, aSignedAssertion(), 'ob2'))],
    ['JSON', Buffer.from(JSON.stringify(badge))],
    ['JWT', Buffer.from(signedJwt())],
    ['address', Buffer.from(assertionUrl)],
    ['photo of a code', await QRCode.toBuffer(assertionUrl, { errorCorrectionLevel: 'M' })],
    ['PDF', aPdf(), false],
  ];
}

/** A page without words: whatever a PDF holds, it is no badge. */
const aPdf = (): Buffer =>
  Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
      '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  );

/** One of every form, through every door. */
export async function samples(): Promise<Sample[]> {
  const all = await badges();
  const [badge, record] = [all[0]![1] as JsonObject, all[2]![1] as JsonObject];
  const through =
    (door: Door) =>
    ([form, content, isSound = true]: [string, Sample['content'], boolean?]): Sample => ({
      door,
      form,
      content,
      isSound,
    });
  return [
    ...all.map(through('badge')),
    ...(await files(badge)).map(through('file')),
    ...[
      ['address', assertionUrl] as [string, string],
      ['JWT', signedJwt()] as [string, string],
      ['JSON', JSON.stringify(badge)] as [string, string],
    ].map(through('text')),
    ...(await credentials(badge, record)).map(through('any credential')),
    ...(await presentations(badge)).map(through('presentation')),
  ];
}
