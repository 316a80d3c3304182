import { createPublicKey } from 'node:crypto';
import { planAwards } from '#badges';
import { sha256 } from '#platform';
import { generateKey, type JsonObject, prepare, proofFor, signVcJwt } from '#signing';
import { lintCredential, verifyIssued } from '#verification';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { aCampaign } from '../support/synthetic-campaign.js';
import { median, timed } from './figures.js';

export const steps = ['canonize', 'lint', 'sign', 'jwt', 'verify', 'text'] as const;
type Step = (typeof steps)[number];

/** Unsigned credentials exactly as the service plans them. */
export async function plannedCredentials(number: number): Promise<JsonObject[]> {
  const world: IssuanceWorld = await anIssuanceWorld();
  try {
    const personIds = await aCampaign(world, number);
    await world.api.transaction((tx) =>
      planAwards(tx, { organisationId: world.structure.id, personIds, origin }),
    );
    const rows: { payload: string }[] = await world.api.query('select payload from credential order by id');
    return rows.map(({ payload }) => JSON.parse(payload) as JsonObject);
  } finally {
    await world.close();
  }
}

/** Where a worker's time goes: median milliseconds of each step for one credential, one thread, no database. */
export async function profile(credentials: JsonObject[]): Promise<Record<Step, number>> {
  const [ed, rsa] = [await generateKey('Ed25519'), await generateKey('RS256')];
  const keys = { ed: createPublicKey(ed.privateKey), rsa: createPublicKey(rsa.privateKey) };
  const kid = 'urn:key:bench';
  const spent = Object.fromEntries(steps.map((step) => [step, [] as number[]])) as Record<Step, number[]>;
  const measure = async <T>(step: Step, work: () => T | Promise<T>): Promise<T> => {
    let result!: T;
    spent[step].push(
      await timed(async () => {
        result = await work();
      }),
    );
    return result;
  };
  for (const credential of credentials) {
    const verificationMethod = `${(credential.issuer as JsonObject).id as string}#${ed.id}`;
    const created = new Date(credential.validFrom as string);
    const prepared = await measure('canonize', () => prepare(credential));
    const { faults } = await measure('lint', () => lintCredential(credential, prepared));
    if (faults.length > 0) throw new Error(`The linter refuses: ${faults[0]!.code}`);
    const proof = await measure('sign', () =>
      proofFor(prepared, { privateKey: ed.privateKey, verificationMethod, created }),
    );
    const jwt = await measure('jwt', () => signVcJwt({ credential, privateKey: rsa.privateKey, kid }));
    const document = { ...prepared.document, proof: [proof] };
    const report = await measure('verify', () =>
      verifyIssued({
        document,
        jwt,
        prepared,
        keys: {
          proof: { verificationMethod, publicKey: keys.ed },
          jwt: { kid, publicKey: keys.rsa },
        },
        now: new Date(),
      }),
    );
    if (report.verdict !== 'authentic') throw new Error(`Not authentic: ${report.verdict}`);
    await measure('text', () => sha256(JSON.stringify(document)));
  }
  return Object.fromEntries(steps.map((step) => [step, median(spent[step])])) as Record<Step, number>;
}
