import { clearFolder } from './services.mjs';

export default async function globalTeardown() {
  const services = globalThis.insigneTestServices;
  if (!services) return;
  await clearFolder(services.folder);
  services.end();
}
