/** Headers of every answer whose handler did not set its own. */
export const defaultHeaders = (origin: string): Record<string, string> => ({
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  ...(origin.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
});
