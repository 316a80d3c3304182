// npm run bench:verify [-- --badges 200 --rounds 5 --json FILE]

import { generateKeyPairSync, type KeyObject, randomBytes, sign, verify as verifyRaw } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { compactVerify } from 'jose';
import { projectFile } from '#platform';
import {
  bundledContexts,
  canonize,
  canonizeByLibrary,
  checkAnyProof,
  type JsonObject,
  jwkOf,
  multikeyOf,
  type PreparedDocument,
  prepare,
  signWithDataIntegrity,
} from '#signing';
import {
  checkJwt,
  type Fetched,
  Fetcher,
  FetchFailed,
  readCredential,
  verifyCredential,
} from '#verification';

const created = new Date('2026-11-20T09:30:00Z');
const now = new Date('2026-11-22T12:00:00Z');

/** No address answers: everything that is verified here brings its key along. */
class NoWeb extends Fetcher {
  async fetch(url: string): Promise<Fetched> {
    throw new FetchFailed('fetch_refused', url);
  }
}

interface Way {
  name: string;
  /** One verification. @throws when the answer is not yes */
  once: (at: number) => Promise<unknown> | unknown;
  /** Name of the way it is compared with. */
  beside?: string;
}

interface Measured {
  name: string;
  cpuMicroseconds: number;
  wallMicroseconds: number;
}

const asBadge = (did: string, at: number): JsonObject => {
  const text = readFileSync(
    projectFile('test/vectors/published/examples/skillAssertionCase--skill-assertion-case.json'),
    'utf8',
  );
  const { proof: _proof, ...badge } = JSON.parse(text) as JsonObject;
  const issuer = { ...(badge.issuer as JsonObject), id: did };
  return { ...badge, id: `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, '0')}`, issuer };
};

const jwtOf = (badge: JsonObject, alg: 'EdDSA' | 'RS256', key: KeyObject, kid: string): string => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = {
    ...badge,
    iss: (badge.issuer as JsonObject).id,
    jti: badge.id,
    sub: (badge.credentialSubject as JsonObject).id,
    nbf: Math.floor(Date.parse(String(badge.validFrom)) / 1000),
  };
  const content = `${part({ alg, kid })}.${part(payload)}`;
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(content), key);
  return `${content}.${signature.toString('base64url')}`;
};

/** Everything that is verified, made before anything is measured. */
async function madeBy(count: number) {
  const ed = generateKeyPairSync('ed25519');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const multikey = multikeyOf(ed.publicKey);
  const did = `did:key:${multikey}`;
  const rsaDid = `did:jwk:${Buffer.from(JSON.stringify(jwkOf(rsa.publicKey))).toString('base64url')}`;
  const method = `${did}#${multikey}`;
  const badges: JsonObject[] = [];
  const prepared: PreparedDocument[] = [];
  for (let at = 0; at < count; at += 1) {
    const document = asBadge(did, at);
    badges.push(
      await signWithDataIntegrity({
        document,
        privateKey: ed.privateKey,
        verificationMethod: method,
        created,
      }),
    );
    prepared.push(await prepare(document));
  }
  const bare = badges.map(({ proof: _proof, ...badge }) => badge);
  return {
    ed,
    rsa,
    method,
    did,
    multikey,
    badges,
    prepared,
    texts: badges.map((badge) => JSON.stringify(badge)),
    edTokens: bare.map((badge) => jwtOf(badge, 'EdDSA', ed.privateKey, method)),
    rsaTokens: bare.map((_badge, at) => jwtOf(asBadge(rsaDid, at), 'RS256', rsa.privateKey, `${rsaDid}#0`)),
  };
}

const must = (isRight: boolean): void => {
  if (!isRight) throw new Error('A verification that must succeed did not');
};

async function waysOf(count: number): Promise<Way[]> {
  const made = await madeBy(count);
  const { ed, rsa, did, method, multikey } = made;
  const keyDocument = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: method,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: multikey,
  };
  const didDocument = {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [keyDocument],
    assertionMethod: [method],
  };
  const documentLoader = async (url: string): Promise<unknown> => {
    if (url === method) return { contextUrl: null, documentUrl: url, document: keyDocument };
    if (url === did) return { contextUrl: null, documentUrl: url, document: didDocument };
    return bundledContexts.loader(url);
  };
  const options = { fetcher: new NoWeb(), now };
  const whole = async (input: string): Promise<void> => {
    const { verdict, checks } = await verifyCredential(input, options);
    if (verdict !== 'authentic') throw new Error(`${verdict}: ${JSON.stringify(checks)}`);
  };
  const signatureOf = async (token: string): Promise<void> => {
    const secured = readCredential(token);
    if (secured.form !== 'jwt') throw new Error('not a JWT');
    const { issuer } = secured.credential as { issuer: { id: string } };
    const { proof } = await checkJwt(secured, { issuer: issuer.id, fetcher: options.fetcher });
    must(proof.outcome === 'passed');
  };
  const theirs = async (at: number): Promise<void> => {
    const suite = new DataIntegrityProof({ cryptosuite });
    const credential = JSON.parse(made.texts[at]!) as JsonObject;
    must((await vc.verifyCredential({ credential, suite, documentLoader, now })).verified);
  };
  const bytes = randomBytes(64);
  const signature = sign(null, bytes, ed.privateKey);
  const proofOf = (at: number): JsonObject => [made.badges[at]!.proof].flat()[0] as JsonObject;
  const stock = '@digitalbazaar/vc: proof and dates';
  const raw = 'raw Ed25519 verification';
  const joseEd = 'jose: EdDSA, signature alone';
  const joseRsa = 'jose: RS256, signature alone';
  const library = 'canonical form by jsonld';
  return [
    { name: raw, once: () => must(verifyRaw(null, bytes, ed.publicKey, signature)) },
    { name: stock, once: theirs },
    { name: 'foreign eddsa-rdfc-2022, every check', once: (at) => whole(made.texts[at]!), beside: stock },
    {
      name: 'foreign eddsa-rdfc-2022, proof alone',
      once: async (at) => {
        const { proof, ...document } = JSON.parse(made.texts[at]!) as JsonObject & { proof: JsonObject[] };
        must(await checkAnyProof(await prepare(document), proof[0]!, ed.publicKey));
      },
      beside: stock,
    },
    { name: library, once: (at) => canonizeByLibrary(made.prepared[at]!.document) },
    {
      name: 'canonical form with held contexts',
      once: (at) => canonize(made.prepared[at]!.document),
      beside: library,
    },
    {
      name: 'own badge by stored hash',
      once: async (at) => must(await checkAnyProof(made.prepared[at]!, proofOf(at), ed.publicKey)),
      beside: raw,
    },
    { name: joseEd, once: (at) => compactVerify(made.edTokens[at]!, ed.publicKey) },
    { name: 'VC-JWT EdDSA, proof alone', once: (at) => signatureOf(made.edTokens[at]!), beside: joseEd },
    { name: 'VC-JWT EdDSA, every check', once: (at) => whole(made.edTokens[at]!), beside: joseEd },
    { name: joseRsa, once: (at) => compactVerify(made.rsaTokens[at]!, rsa.publicKey) },
    { name: 'VC-JWT RS256, proof alone', once: (at) => signatureOf(made.rsaTokens[at]!), beside: joseRsa },
    { name: 'VC-JWT RS256, every check', once: (at) => whole(made.rsaTokens[at]!), beside: joseRsa },
  ];
}

/** Processor time of one pass, all threads of the process together. */
async function pass(way: Way, count: number): Promise<{ cpu: number; wall: number }> {
  const before = process.cpuUsage();
  const began = performance.now();
  for (let at = 0; at < count; at += 1) await way.once(at);
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / count, wall: ((performance.now() - began) * 1000) / count };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Ways in turns, so that what else the machine does falls on all of them alike. */
async function measured(ways: Way[], count: number, rounds: number): Promise<Measured[]> {
  const passes = new Map(ways.map((way) => [way.name, [] as { cpu: number; wall: number }[]]));
  for (const way of ways) await pass(way, Math.min(count, 30));
  for (let round = 0; round < rounds; round += 1)
    for (const way of ways) passes.get(way.name)!.push(await pass(way, count));
  return ways.map(({ name }) => {
    const all = passes.get(name)!;
    return {
      name,
      cpuMicroseconds: median(all.map(({ cpu }) => cpu)),
      wallMicroseconds: median(all.map(({ wall }) => wall)),
    };
  });
}

const { values } = parseArgs({
  options: {
    badges: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string', default: 'verify-results.json' },
  },
});
const count = Number(values.badges);
const rounds = Number(values.rounds);
if (!(count >= 10 && rounds >= 1)) throw new Error('--badges is 10 or more, --rounds 1 or more');
const ways = await waysOf(count);
const results = await measured(ways, count, rounds);
const byName = new Map(results.map((result) => [result.name, result]));
const load = loadavg()[0]!.toFixed(1);
console.log(`${cpus()[0]?.model ?? ''} × ${availableParallelism()}, node ${process.version}, load ${load}`);
console.log(`${count} badges, medians of ${rounds} rounds in turns; a second is a second of processor time`);
console.log('\n| | µs of CPU | a second | times |\n|---|---|---|---|');
for (const { name, beside } of ways) {
  const { cpuMicroseconds } = byName.get(name)!;
  const other = beside === undefined ? undefined : byName.get(beside)!;
  const times = other ? `${(other.cpuMicroseconds / cpuMicroseconds).toFixed(2)} × ${other.name}` : '';
  console.log(
    `| ${name} | ${cpuMicroseconds.toFixed(0)} | ${(1_000_000 / cpuMicroseconds).toFixed(0)} | ${times} |`,
  );
}
const made = new Date().toISOString();
writeFileSync(resolve(values.json), `${JSON.stringify({ made, load, count, rounds, results }, null, 2)}\n`);
