import type { ApiDescription } from './api-description.js';
import type { RouteDescription } from './route.js';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** How to get a token, as a command for a shell with curl. */
export const tokenExample = (origin: string): string =>
  `TOKEN=$(curl -s -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials \\\n  ${origin}/oauth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;

/** The operation as a command for a shell with curl, `$TOKEN` holding the access token. */
export function curlExample(route: RouteDescription, { origin }: Pick<ApiDescription, 'origin'>): string {
  const address = quoted(`${origin}${route.path}`).replace(
    /\{([A-Za-z]+)\}/g,
    (_, name: string) => `'"$${name.toUpperCase()}"'`,
  );
  const lines = [`curl${route.method === 'GET' ? '' : ` -X ${route.method}`} ${address.replace(/''$/, '')}`];
  if (route.scopes !== 'everybody') lines.push('-H "Authorization: Bearer $TOKEN"');
  if (route.method === 'POST' && route.scopes !== 'everybody') lines.push('-H "Idempotency-Key: $(uuidgen)"');
  if (route.body) {
    const mediaType = route.body.mediaType ?? 'application/json';
    lines.push(`-H ${quoted(`Content-Type: ${mediaType}`)}`);
    if (mediaType !== 'application/json') lines.push('--data-binary @file');
    else lines.push(`-d ${quoted(JSON.stringify(route.body.example ?? {}))}`);
  }
  return lines.join(' \\\n  ');
}
