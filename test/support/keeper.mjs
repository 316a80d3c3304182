// Waits for the end of the Jest run that started it (its standard input closes), then clears that run's folder.
import { existsSync } from 'node:fs';
import { clearFolder } from './services.mjs';

const folder = process.argv[2];
process.stdin.on('error', () => undefined);
process.stdin.resume().on('close', async () => {
  if (existsSync(folder)) await clearFolder(folder);
});
