import { type KeyService, openKeyServices } from '#signing/secrets';
import type { WorkerConfig } from './config.js';

/** The key services that the settings name. @throws SecretRefused (`master_key_…`), KeyServiceUnknown */
export function keyServicesOf(config: WorkerConfig): KeyService[] {
  const { INSIGNE_KEY_SERVICE, INSIGNE_MASTER_KEY_FILE, keyServiceEnvironment = {} } = config;
  return openKeyServices(
    INSIGNE_KEY_SERVICE ?? (INSIGNE_MASTER_KEY_FILE ? `file:${INSIGNE_MASTER_KEY_FILE}` : ''),
    keyServiceEnvironment,
  );
}
