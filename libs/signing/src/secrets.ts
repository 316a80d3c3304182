// The light door (ADR 0015): secrets, and what opens keys with them; no JSON-LD and no database.
export { SecretRefused } from './errors.js';
export type { KeyService } from './key-service.js';
export {
  forgetKeySecrets,
  keyServiceEnvironment,
  openKeyServices,
} from './open-key-service.js';
export { readMetricsToken, readTokenSecret } from './token-secret.js';
