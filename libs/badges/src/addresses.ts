/** Address of a badge's page, which is also its credential's id. */
export const badgeUrl = (origin: string, publicId: string): string => `${origin}/b/${publicId}`;

/**
 * Address where whoever holds a signed badge gets its current form (Open Badges 3.0, RefreshService), also while its
 * page is hidden.
 * @param secret 128 random bits as 32 hexadecimal digits, which stand nowhere but in the badge
 */
export const refreshUrl = (origin: string, publicId: string, secret: string): string =>
  `${origin}/refresh/${publicId}/${secret}`;

/** Is that the refresh address of the badge, whatever its secret? */
export function isRefreshUrl(url: unknown, origin: string, publicId: string): boolean {
  const start = refreshUrl(origin, publicId, '');
  return typeof url === 'string' && url.startsWith(start) && /^[0-9a-f]{32}$/.test(url.slice(start.length));
}

/** Address of one version of a badge, which is also the id of its OB 3.0 Achievement. */
export const achievementUrl = (origin: string, publicId: string): string =>
  `${origin}/achievements/${publicId}`;

/** Address of a structure's page. */
export const issuerUrl = (origin: string, slug: string): string => `${origin}/issuers/${slug}`;

/** Address of a Bitstring Status List credential. */
export const statusListUrl = (origin: string, publicId: string): string => `${origin}/status/${publicId}`;
