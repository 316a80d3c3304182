import { createHmac } from 'node:crypto';
import { canonize, type JsonObject, multibaseBytes, publicKeyOfMultikey } from '#signing';
import { cbor } from './published-cbor.js';
import {
  contexts,
  hashed,
  noCitizenship,
  type Row,
  read,
  recanonized,
  signatureFits,
  text,
  without,
} from './published-files.js';

/** A Map as the published files write it. */
interface Listed<T> {
  value: [T, string][];
}
interface Group {
  matching: Listed<number>;
  nonMatching: Listed<number>;
  deskolemizedNQuads: string[];
}
interface Disclosure {
  baseSignature: string;
  publicKey: string;
  signatures: string[];
  mandatoryIndexes: number[];
}

const hex = (value: unknown): string => Buffer.from(value as Uint8Array).toString('hex');
const proofValueOf = (file: string): unknown[] => {
  const { proof } = read<{ proof: { proofValue: string } }>(file);
  return cbor(Buffer.from(proof.proofValue.slice(1), 'base64url')) as unknown[];
};
const pointed = (document: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, name) => (value as JsonObject)[name], document);

/** What pointers show of a document: the values, and on the way each node's id and type (selectJsonLd). */
function selected(document: JsonObject, pointers: string[]): JsonObject {
  const named = (node: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(node).filter(([name]) => name === 'id' || name === 'type'));
  const shown: JsonObject = { '@context': document['@context'], ...named(document) };
  for (const pointer of pointers) {
    const names = pointer.split('/').slice(1);
    let from = document;
    let to = shown;
    for (const name of names.slice(0, -1)) {
      from = from[name] as JsonObject;
      to[name] ??= named(from);
      to = to[name] as JsonObject;
    }
    to[names.at(-1)!] = from[names.at(-1)!];
  }
  return shown;
}

/** The files of one derivation, from the canonical form to what a verifier checks (ECDSA Cryptosuites 1.0, A.7). */
export function selectiveRows(given: {
  folder: string;
  unsigned: string;
  mandatory: string;
  selective: string;
}): Row[] {
  const path = (name: string): string => `${given.folder}/${name}`;
  const file = <T>(name: string): T => read<T>(path(`${name}.json`));
  const material = read<{
    baseKeyPair: { publicKeyMultibase: string };
    proofKeyPair: { publicKeyMultibase: string };
    hmacKeyString: string;
  }>('vc-di-ecdsa/ecdsa-sd-2023/SDKeyMaterial.json');
  const baseKey = publicKeyOfMultikey(material.baseKeyPair.publicKeyMultibase);
  const ownKey = publicKeyOfMultikey(material.proofKeyPair.publicKeyMultibase);
  const labelOf = (name: string): string =>
    `u${createHmac('sha256', Buffer.from(material.hmacKeyString, 'hex')).update(name).digest('base64url')}`;
  const quads = file<string[]>('addBaseDocHMACCanon');
  const transform = file<{
    mandatoryPointers: string[];
    mandatory: Listed<number>;
    nonMandatory: Listed<number>;
    hmacKeyString: string;
  }>('addBaseTransform');
  const groups = file<{
    groups: Record<'selective' | 'mandatory' | 'combined', Group>;
    labelMap: Listed<string>;
    nquads: string[];
  }>('derivedAllGroupData');
  const indexes =
    file<Record<`${'combined' | 'mandatory' | 'nonMandatory' | 'selective'}Indexes`, number[]>>(
      'derivedGroupIndexes',
    );
  const disclosed = file<Disclosure & { labelMap: Listed<string> }>('derivedDisclosureData');
  const verified = file<{
    baseSignature: string;
    proofHash: string;
    publicKey: string;
    signatures: string[];
    nonMandatory: string[];
    mandatoryHash: string;
  }>('verifyCreateVerifyData');
  const shownQuads = file<string[]>('verifyNQuads');
  const base = file<Disclosure & { mandatoryPointers: string[] }>('addRawBaseSignatureInfo');
  const hashes = file<{ proofHash: string; mandatoryHash: string }>('addHashData');
  const hidden = transform.nonMandatory.value;
  const row = (name: string, says: string, holds: Row['holds'], butNot?: string): Row => ({
    file: path(name),
    says,
    holds,
    ...(butNot ? { butNot } : {}),
  });
  const signedData = (proofHash: string, publicKey: string, mandatoryHash: string): Buffer =>
    Buffer.concat([
      Buffer.from(proofHash, 'hex'),
      multibaseBytes(publicKey),
      Buffer.from(mandatoryHash, 'hex'),
    ]);
  const pointersOf = (kind: 'mandatory' | 'selective'): string[] => read(given[kind]);
  return [
    {
      file: given.mandatory,
      says: 'are the pointers of the transformation',
      holds: () => expect(transform.mandatoryPointers).toEqual(pointersOf('mandatory')),
    },
    {
      file: given.selective,
      says: 'are pointers into the document, whose values the derived one shows',
      holds: () => {
        const shown = file<JsonObject>('derivedUnsignedReveal');
        for (const pointer of pointersOf('selective')) {
          expect(pointed(shown, pointer)).toBeDefined();
          expect(pointed(shown, pointer)).toEqual(pointed(read(given.unsigned), pointer));
        }
      },
    },
    row(
      'addBaseDocCanon.json',
      'is in canonical form',
      async () => {
        const own = file<string[]>('addBaseDocCanon');
        expect(await recanonized(own.join(''))).toBe(own.join(''));
      },
      noCitizenship,
    ),
    row('addBaseDocHMACCanon.json', 'is the canonical form with the HMAC of each label', () => {
      const renamed = file<string[]>('addBaseDocCanon').map((quad) =>
        quad.replaceAll(/_:(c14n\d+)/g, (_, name: string) => `_:${labelOf(name)}`),
      );
      expect(quads).toEqual(renamed.sort());
    }),
    row('addBaseTransform.json', 'shares these statements out, and holds the HMAC key', () => {
      const all = [...transform.mandatory.value, ...hidden].sort(([a], [b]) => a - b);
      expect(all).toEqual(quads.map((quad, at) => [at, quad]));
      expect(transform.hmacKeyString).toBe(material.hmacKeyString);
    }),
    row('addHashData.json', 'has the hashes of configuration and mandatory statements', () => {
      expect(hashes.proofHash).toBe(hashed(text(path('addProofConfigCanon.txt'))));
      expect(hashes.mandatoryHash).toBe(hashed(transform.mandatory.value.map(([, quad]) => quad).join('')));
    }),
    row('addPointerValues.json', 'has the value of each mandatory pointer', () => {
      const values = pointersOf('mandatory').map((pointer) => ({
        pointer,
        value: pointed(read(given.unsigned), pointer),
      }));
      expect(file('addPointerValues')).toEqual(values);
    }),
    row('addProofConfig.json', 'is the signed proof without its value', () => {
      const { proof } = file<{ proof: JsonObject }>('addSignedSDBase');
      expect(without(file('addProofConfig'), '@context')).toEqual(without(proof, 'proofValue'));
    }),
    row('addProofConfigCanon.txt', 'is the canonical form of the configuration', async () =>
      expect(await canonize(file('addProofConfig'), contexts)).toBe(text(path('addProofConfigCanon.txt'))),
    ),
    row('addRawBaseSignatureInfo.json', 'signs the hashes, and each statement that is not mandatory', () => {
      const data = signedData(hashes.proofHash, base.publicKey, hashes.mandatoryHash);
      expect(signatureFits(data, baseKey, base.baseSignature)).toBe(true);
      expect(base.publicKey).toBe(material.proofKeyPair.publicKeyMultibase);
      expect(base.signatures).toHaveLength(hidden.length);
      for (const [at, [, quad]] of hidden.entries())
        expect(signatureFits(Buffer.from(quad), ownKey, base.signatures[at]!)).toBe(true);
      expect(base.mandatoryPointers).toEqual(pointersOf('mandatory'));
    }),
    row('derivedRecoveredBaseData.json', 'is what the base proof’s value holds', () => {
      const [signature, publicKey, hmacKey, signatures, pointers] = proofValueOf(
        path('addSignedSDBase.json'),
      );
      expect(file('derivedRecoveredBaseData')).toEqual({
        baseSignature: hex(signature),
        proofPublicKey: base.publicKey,
        hmacKey: hex(hmacKey),
        signatures: (signatures as Uint8Array[]).map(hex),
        mandatoryPointers: pointers,
      });
      expect(hex(publicKey)).toBe(multibaseBytes(base.publicKey).toString('hex'));
      expect(hex(hmacKey)).toBe(material.hmacKeyString.toLowerCase());
      expect((signatures as Uint8Array[]).map(hex)).toEqual(base.signatures);
    }),
    row('derivedAllGroupData.json', 'shares the same statements out by what pointers show', () => {
      expect(groups.nquads).toEqual(quads);
      for (const { matching, nonMatching, deskolemizedNQuads } of Object.values(groups.groups)) {
        const all = [...matching.value, ...nonMatching.value].sort(([a], [b]) => a - b);
        expect(all).toEqual(quads.map((quad, at) => [at, quad]));
        const labels = new Map(groups.labelMap.value);
        const renamed = deskolemizedNQuads.map((quad) =>
          quad.replaceAll(/_:(_\S+)/g, (_, name: string) => `_:${labels.get(name)}`),
        );
        expect(renamed.sort()).toEqual(matching.value.map(([, quad]) => quad));
      }
      expect(groups.groups.mandatory.matching).toEqual(transform.mandatory);
    }),
    row('derivedGroupIndexes.json', 'are the places of these groups', () => {
      const at = ({ value }: Listed<number>): number[] => value.map(([place]) => place);
      const { combined, mandatory, selective } = groups.groups;
      expect(indexes).toEqual({
        combinedIndexes: at(combined.matching),
        mandatoryIndexes: at(mandatory.matching),
        nonMandatoryIndexes: at(mandatory.nonMatching),
        selectiveIndexes: at(selective.matching),
      });
      const both = [...indexes.mandatoryIndexes, ...indexes.selectiveIndexes].sort((a, b) => a - b);
      expect(indexes.combinedIndexes).toEqual([...new Set(both)]);
    }),
    row('derivedAdjMandatoryIndexes.json', 'are the mandatory places among the shown ones', () =>
      expect(file('derivedAdjMandatoryIndexes')).toEqual({
        adjMandatoryIndexes: indexes.mandatoryIndexes.map((place) => indexes.combinedIndexes.indexOf(place)),
      }),
    ),
    row('derivedAdjSignatures.json', 'are the signatures of what the holder shows', () => {
      const places = indexes.nonMandatoryIndexes.flatMap((place, at) =>
        indexes.selectiveIndexes.includes(place) ? [at] : [],
      );
      expect(file('derivedAdjSignatures')).toEqual({
        adjSignatureIndexes: places,
        filteredSignatures: places.map((place) => base.signatures[place]),
      });
    }),
    row('derivedUnsignedReveal.json', 'is what both lists of pointers show of the document', () => {
      const pointers = [...pointersOf('mandatory'), ...pointersOf('selective')];
      expect(file('derivedUnsignedReveal')).toEqual(selected(read(given.unsigned), pointers));
    }),
    row('derivedDisclosureData.json', 'is the base, less what is not shown', () => {
      expect(disclosed).toMatchObject({
        baseSignature: base.baseSignature,
        publicKey: base.publicKey,
        signatures: file<{ filteredSignatures: string[] }>('derivedAdjSignatures').filteredSignatures,
        mandatoryIndexes: file<{ adjMandatoryIndexes: number[] }>('derivedAdjMandatoryIndexes')
          .adjMandatoryIndexes,
      });
    }),
    row('verifyDerivedProofValue.json', 'is what the derived proof’s value holds', () => {
      const [signature, publicKey, signatures, labels, places] = proofValueOf(
        path('derivedRevealDocument.json'),
      );
      const own = file<Disclosure & { labelMap: [string, string][] }>('verifyDerivedProofValue');
      expect(own).toEqual({ ...disclosed, labelMap: disclosed.labelMap.value });
      expect([hex(signature), hex(publicKey)]).toEqual([
        own.baseSignature,
        multibaseBytes(own.publicKey).toString('hex'),
      ]);
      expect((signatures as Uint8Array[]).map(hex)).toEqual(own.signatures);
      const written = [...(labels as Map<number, Uint8Array>)].map(([number, label]) => [
        `c14n${number}`,
        `u${Buffer.from(label).toString('base64url')}`,
      ]);
      expect(written).toEqual(own.labelMap);
      expect(places).toEqual(own.mandatoryIndexes);
    }),
    row(
      'verifyNQuads.json',
      'are the shown statements, canonical under the labels of the proof',
      async () => {
        expect(shownQuads).toEqual(indexes.combinedIndexes.map((place) => quads[place]));
        const names = new Map(disclosed.labelMap.value.map(([name, label]) => [label, name]));
        const renamed = shownQuads
          .map((quad) => quad.replaceAll(/_:(u\S+)/g, (_, label: string) => `_:${names.get(label)}`))
          .sort();
        expect(await recanonized(shownQuads.join(''))).toBe(renamed.join(''));
      },
    ),
    row('verifyCreateVerifyData.json', 'is what a verifier makes of them, and its signatures fit', () => {
      const isMandatory = (at: number): boolean => disclosed.mandatoryIndexes.includes(at);
      expect(verified).toEqual({
        baseSignature: disclosed.baseSignature,
        proofHash: hashes.proofHash,
        publicKey: disclosed.publicKey,
        signatures: disclosed.signatures,
        nonMandatory: shownQuads.filter((_, at) => !isMandatory(at)),
        mandatoryHash: hashed(shownQuads.filter((_, at) => isMandatory(at)).join('')),
      });
      const data = signedData(verified.proofHash, verified.publicKey, verified.mandatoryHash);
      expect(signatureFits(data, baseKey, verified.baseSignature)).toBe(true);
      for (const [at, quad] of verified.nonMandatory.entries())
        expect(signatureFits(Buffer.from(quad), ownKey, verified.signatures[at]!)).toBe(true);
    }),
  ];
}
