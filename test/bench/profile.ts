import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  archivedKeysOf,
  credentialSlots,
  FolderArchive,
  PublishStatusLists,
  planAwards,
  SignCredentials,
  type SigningStep,
  signingSteps,
} from '#badges';
import { sha256 } from '#platform';
import {
  CanonicalTemplates,
  generateKey,
  type JsonObject,
  type PreparedDocument,
  prepare,
  proofFor,
  signPreparedVcJwt,
  signVcJwt,
  textOf,
} from '#signing';
import { lintCredential, rehearse, verifyIssued } from '#verification';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { aCampaign } from '../support/synthetic-campaign.js';
import { median, timed } from './figures.js';

const batchOf = 100;

/** Unsigned credentials exactly as the service plans them. */
export async function plannedCredentials(number: number): Promise<JsonObject[]> {
  const world: IssuanceWorld = await anIssuanceWorld();
  try {
    await planned(world, number);
    const rows: { payload: string }[] = await world.api.query('select payload from credential order by id');
    return rows.map(({ payload }) => JSON.parse(payload) as JsonObject);
  } finally {
    await world.close();
  }
}

async function planned(world: IssuanceWorld, number: number): Promise<string[]> {
  const personIds = await aCampaign(world, number);
  const { outboxIds } = await world.api.transaction((tx) =>
    planAwards(tx, { organisationId: world.structure.id, personIds, origin }),
  );
  return outboxIds;
}

/** What the worker does for one credential, piece by piece; some are pieces of others. */
export type Piece =
  | 'canonize by the library'
  | 'read and canonize by template'
  | 'lint'
  | 'of the lint, rehearsal'
  | 'Ed25519 proof'
  | 'RS256 JWT'
  | 'RS256 JWT by jsonwebtoken'
  | 'verify'
  | 'text and hash';

/**
 * Milliseconds of one credential for each piece, no database: batches of a hundred as in the worker, the thread pool
 * in use, medians over the batches.
 */
export async function pieces(credentials: JsonObject[]): Promise<Record<Piece, number>> {
  const [ed, rsa] = [await generateKey('Ed25519'), await generateKey('RS256')];
  const templates = new CanonicalTemplates(credentialSlots);
  const kid = 'urn:key:bench';
  const spent = new Map<Piece, number[]>();
  const each = async <T, R>(piece: Piece, items: T[], work: (item: T) => R | Promise<R>): Promise<R[]> => {
    let results: R[] = [];
    const milliseconds = await timed(async () => {
      results = await Promise.all(items.map(work));
    });
    spent.set(piece, [...(spent.get(piece) ?? []), milliseconds / items.length]);
    return results;
  };
  const sign = async (prepared: PreparedDocument) => {
    const verificationMethod = `${(prepared.document.issuer as JsonObject).id as string}#${ed.id}`;
    const created = new Date(prepared.document.validFrom as string);
    const proof = await proofFor(prepared, { privateKey: ed.privateKey, verificationMethod, created });
    return { document: { ...prepared.document, proof: [proof] }, verificationMethod };
  };
  const publicKeys = { ed: createPublicKey(ed.privateKey), rsa: createPublicKey(rsa.privateKey) };
  // Schemas are compiled and keys made before anything counts.
  const texts = credentials.map((credential) => JSON.stringify(credential));
  const { prepared: first } = await templates.prepareText(texts[0]!);
  await lintCredential(first.document, first);
  for (let from = 0; from + batchOf <= credentials.length; from += batchOf) {
    const batch = credentials.slice(from, from + batchOf);
    await each('canonize by the library', batch.slice(0, 5), (one) => prepare(one));
    const read = await each('read and canonize by template', texts.slice(from, from + batchOf), (text) =>
      templates.prepareText(text),
    );
    const prepared = read.map((one) => one.prepared);
    const lints = await each('lint', prepared, (one) => lintCredential(one.document, one));
    const fault = lints.flatMap(({ faults }) => faults)[0];
    if (fault) throw new Error(`The linter refuses: ${fault.code}`);
    await each('of the lint, rehearsal', prepared, (one) => rehearse(one));
    const signed = await each('Ed25519 proof', prepared, sign);
    const key = { privateKey: rsa.privateKey, kid };
    const jwts = await each('RS256 JWT', prepared, (one) => signPreparedVcJwt(one, key));
    await each('RS256 JWT by jsonwebtoken', batch.slice(0, 20), (credential) =>
      signVcJwt({ credential, ...key }),
    );
    const stored = await each('text and hash', prepared, (one) => {
      const { document } = signed[prepared.indexOf(one)]!;
      const text = `${textOf(one).slice(0, -1)},"proof":${JSON.stringify(document.proof)}}`;
      return { text, hash: sha256(text).toString('hex') };
    });
    const reports = await each('verify', prepared, (one) => {
      const index = prepared.indexOf(one);
      const { document, verificationMethod } = signed[index]!;
      const keys = {
        proof: { verificationMethod, publicKey: publicKeys.ed },
        jwt: { kid, publicKey: publicKeys.rsa },
      };
      const { text } = stored[index]!;
      return verifyIssued({ document, text, jwt: jwts[index]!, prepared: one, keys, now: new Date() });
    });
    const wrong = reports.find(({ verdict }) => verdict !== 'authentic');
    if (wrong) throw new Error(`Not authentic: ${wrong.verdict}`);
  }
  if (templates.counts.fellBack > 0) throw new Error('A planned credential did not fit its template');
  return Object.fromEntries([...spent].map(([piece, values]) => [piece, median(values)])) as Record<
    Piece,
    number
  >;
}

/**
 * Milliseconds of one credential up to each step of a batch of a hundred, as `SignCredentials` reports them, with the
 * database; one batch after the other in this process, medians over the batches without the first.
 */
export async function stepTimes(number: number): Promise<Map<SigningStep, number>> {
  const world = await anIssuanceWorld();
  const folder = mkdtempSync(join(tmpdir(), 'insigne-archive-'));
  const archive = new FolderArchive(folder, archivedKeysOf(world.worker));
  try {
    const spent = new Map<SigningStep, number[]>();
    let before = 0;
    let batch = 0;
    const lists = new PublishStatusLists(world.worker, world.keyStore, origin);
    const steps = {
      reached: (step: SigningStep) => {
        const now = performance.now();
        // A batch comes to some of them part by part.
        const known = spent.get(step) ?? [];
        if (step !== 'taken') known[batch] = (known[batch] ?? 0) + (now - before) / batchOf;
        spent.set(step, known);
        before = now;
      },
    };
    const signer = new SignCredentials(
      world.worker,
      world.keyStore,
      new CredentialGate(),
      lists,
      origin,
      steps,
      archive,
    );
    const outboxIds = await planned(world, Math.max(2, Math.floor(number / batchOf)) * batchOf);
    for (; batch < outboxIds.length; batch += 1) await signer.run(outboxIds[batch]!);
    return new Map(
      signingSteps
        .filter((step) => step !== 'taken')
        .map((step) => [step, median(spent.get(step)!.slice(1))]),
    );
  } finally {
    await archive.close();
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  }
}
