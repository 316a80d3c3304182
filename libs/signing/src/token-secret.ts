import { weak } from './master-key.js';
import { readSecretFile } from './secret-file.js';
import { weaknessOf } from './weak-secrets.js';

/** Shortest secret of access tokens that is taken, in characters: HS256 asks for 256 bits (RFC 7518, 3.2). */
const shortestTokenSecret = 32;

/**
 * Reads the secret that signs access tokens: a file that only its owner can read, at least 32 characters, neither a
 * default nor published.
 * @throws SecretRefused with code `token_secret_missing`, `token_secret_readable_by_others`,
 *   `token_secret_wrong_length` (empty or short), `token_secret_weak` (a default, a pattern) or
 *   `token_secret_published`
 */
export function readTokenSecret(file: string): string {
  const secret = readSecretFile(file, 'token_secret');
  const weakness = weaknessOf(secret, shortestTokenSecret);
  if (weakness) throw weak(weakness, file, 'openssl rand -base64 32', 'token_secret');
  return secret;
}

/** Shortest token of /metrics that is taken, in characters. */
const shortestMetricsToken = 16;

/**
 * The token that opens /metrics to other machines, refused when everybody could guess it.
 * @returns what was given: undefined when nothing was
 * @throws SecretRefused (`token_secret_wrong_length`, `token_secret_weak`, `token_secret_published`)
 */
export function readMetricsToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const weakness = weaknessOf(token, shortestMetricsToken);
  if (weakness) throw weak(weakness, 'INSIGNE_METRICS_TOKEN', 'openssl rand -base64 32', 'token_secret');
  return token;
}
