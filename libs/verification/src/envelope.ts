/**
 * What a data: URL (RFC 2397) says it holds, in small letters, and the JWT in it if it is one of a credential or
 * presentation; nothing of what is no such URL, or has nothing behind its comma.
 */
export function envelopeAround(url: string): { mediaType?: string; token?: string } {
  const [, mediaType, content] = /^data:(?!,)([^,;]*)(?:;[^,]*)?,(.+)$/is.exec(url) ?? [];
  if (mediaType === undefined) return {};
  const isJwt = /^application\/(v[cp]([+-]ld)?\+)?jwt$/i.test(mediaType);
  return { mediaType: mediaType.toLowerCase(), ...(isJwt && { token: content }) };
}
