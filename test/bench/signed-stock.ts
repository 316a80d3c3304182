import { join } from 'node:path';
import {
  archivedKeysOf,
  assertInstallation,
  FolderArchive,
  PublishStatusLists,
  planAwards,
  SignCredentials,
} from '#badges';
import { chainAudit, programVersion } from '#platform';
import { KeyStore, openKeyServices } from '#signing';
import { makeSecrets } from '../../apps/cli/src/instance-folder.js';
import { migrate } from '../../apps/cli/src/migrate.js';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { startEmbeddedPostgres } from '../../libs/platform/src/processes.js';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { aCampaign } from '../support/synthetic-campaign.js';

const requestOf = 1_000;
const signedAtOnce = 3;

export interface StockRequest {
  /** Becomes an instance's data folder: `insigne check --data` reads it. May hold a stock already. */
  dataFolder: string;
  /** How many signed credentials it shall hold. */
  credentials: number;
  tell: (signed: number, perSecond: number) => void;
}

/**
 * Fills a data folder with credentials that were planned, linted, signed twice, verified, archived and chained by the
 * use cases of the service itself, without queue and processes.
 */
export async function signStock({ dataFolder, credentials, tell }: StockRequest): Promise<void> {
  const postgres = await startEmbeddedPostgres({
    dataFolder,
    // Nothing of a stock for measuring is lost when the machine stops.
    settings: { synchronous_commit: 'off' },
  });
  try {
    await migrate(postgres.ownerUrl);
    const { ownerUrl, apiUrl: url, workerUrl } = postgres;
    const world = await anIssuanceWorld({ url, workerUrl, ownerUrl, drop: async () => {} });
    try {
      await assertInstallation(world.api.manager, origin, programVersion);
      await fill(world, dataFolder, credentials, tell);
    } finally {
      await world.close();
    }
  } finally {
    await postgres.stop();
  }
}

async function fill(
  world: IssuanceWorld,
  dataFolder: string,
  wanted: number,
  tell: StockRequest['tell'],
): Promise<void> {
  const { worker } = world;
  const held = await signedIn(world);
  const { masterKeyFile } = makeSecrets(dataFolder, held > 0);
  const keys = new KeyStore(worker, openKeyServices(`file:${masterKeyFile}`, {}));
  const archive = new FolderArchive(join(dataFolder, 'archive'), archivedKeysOf(worker));
  const lists = new PublishStatusLists(worker, keys, origin, archive);
  const sign = new SignCredentials(worker, keys, new CredentialGate(), lists, origin, undefined, archive);
  const began = performance.now();
  for (let done = held; done < wanted; done += requestOf) {
    const people = await aCampaign(world, Math.min(requestOf, wanted - done));
    const { outboxIds } = await world.api.transaction((tx) =>
      planAwards(tx, { organisationId: world.structure.id, personIds: people, origin }),
    );
    const next = outboxIds[Symbol.iterator]();
    await Promise.all(
      Array.from({ length: signedAtOnce }, async () => {
        for (const outboxId of next) await sign.run(outboxId);
      }),
    );
    await chainAudit(worker);
    const signed = Math.min(done + requestOf, wanted) - held;
    tell(held + signed, signed / ((performance.now() - began) / 1_000));
  }
  await archive.close();
}

async function signedIn({ worker }: IssuanceWorld): Promise<number> {
  const [{ signed }]: [{ signed: number }] = await worker.query(
    `select count(*)::int as signed from credential where state = 'signed'`,
  );
  return signed;
}
