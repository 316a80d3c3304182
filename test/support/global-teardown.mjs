import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clearFolder } from './services.mjs';

export default async function globalTeardown() {
  const services = globalThis.insigneTestServices;
  if (!services) return;
  await clearFolder(services.folder);
  services.end();
  const compiled = new URL(`../../node_modules/.cache/insigne-support/${process.pid}`, import.meta.url);
  rmSync(fileURLToPath(compiled), { recursive: true, force: true });
}
