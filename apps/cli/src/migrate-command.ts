import { onInstance } from './command.js';
import { instanceSettings } from './instance-settings.js';
import { migrate } from './migrate.js';
import { refuseOlderThanArchive } from './refuse-older-data.js';
import type { Words } from './words/command-words.js';

/** `insigne migrate`: connecting to an instance migrates it; an operator's own database is named by DATABASE_URL. */
export async function migrateCommand(words: Words): Promise<number> {
  if (process.env.DATABASE_URL) {
    const { applied } = await migrate(process.env.DATABASE_URL);
    await refuseOlderThanArchive(process.env.DATABASE_URL, instanceSettings({}).archiveFolder);
    console.log(JSON.stringify({ applied }));
    return 0;
  }
  return onInstance(words, async () => 0);
}
