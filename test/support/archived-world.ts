import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archivedKeysOf, FolderArchive, KeepChainMarks, PublishStatusLists, SignCredentials } from '#badges';
import { chainAudit } from '#platform';
import { CredentialGate } from '../../apps/worker/src/credential-gate.js';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld, origin } from './issuance-world.js';

/** An issuance world whose signed bytes are kept in a folder, as the worker does it. */
export interface ArchivedWorld {
  world: IssuanceWorld;
  archiveFolder: string;
  archive: FolderArchive;
  marks: KeepChainMarks;
  lists: PublishStatusLists;
  sign: SignCredentials;
  /** Plans a room, signs it and chains its events. @returns the people and their signed credentials, by id */
  issueRoom(size: number): Promise<{ people: string[]; credentialIds: string[] }>;
  close(): Promise<void>;
}

export async function anArchivedWorld(): Promise<ArchivedWorld> {
  const world = await anIssuanceWorld();
  const archiveFolder = mkdtempSync(join(tmpdir(), 'insigne-archive-'));
  const archive = new FolderArchive(archiveFolder, archivedKeysOf(world.worker));
  const { worker, keyStore } = world;
  const lists = new PublishStatusLists(worker, keyStore, origin, archive);
  const sign = new SignCredentials(worker, keyStore, new CredentialGate(), lists, origin, undefined, archive);
  const marks = new KeepChainMarks(worker, archive, 0);
  return {
    world,
    archiveFolder,
    archive,
    marks,
    lists,
    sign,
    issueRoom: async (size) => {
      const { people, outboxIds, awardIds } = await aPlannedRoom(world, size);
      for (const outboxId of outboxIds) await sign.run(outboxId);
      await chainAudit(worker);
      await marks.run();
      const rows: { id: string }[] = await worker.query(
        `select id from credential where award_id = any($1) and state = 'signed' order by id`,
        [awardIds],
      );
      return { people, credentialIds: rows.map(({ id }) => id) };
    },
    close: async () => {
      await archive.close();
      await world.close();
      rmSync(archiveFolder, { recursive: true, force: true });
    },
  };
}
