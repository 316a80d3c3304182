/**
 * What a data: URL (RFC 2397) says it holds, in small letters, and the JWT in it if it is one of a credential or
 * presentation: as it stands there, or in base64. Nothing of what is no such URL, or has nothing behind its comma; an
 * empty JWT where base64 holds none.
 */
export function envelopeAround(url: string): { mediaType?: string; token?: string } {
  const [, mediaType, parameters, content] = /^data:(?!,)([^,;]*)((?:;[^,]*)?),(.+)$/is.exec(url) ?? [];
  if (mediaType === undefined) return {};
  const isJwt = /^application\/(v[cp]([+-]ld)?\+)?jwt$/i.test(mediaType);
  const token = /;base64$/i.test(parameters!) ? jwtOfBase64(content!) : content!;
  return { mediaType: mediaType.toLowerCase(), ...(isJwt && { token }) };
}

/** Letters of base64 that stand for something else in some URLs. */
const escaped: Record<string, string> = { '%2b': '+', '%2f': '/', '%3d': '=' };

/** The JWT that base64 (RFC 4648, 4; `=` at its end may be left out) holds, '' when it holds nothing of the kind. */
function jwtOfBase64(content: string): string {
  const given = content.replace(/%(2b|2f|3d)/gi, (letter) => escaped[letter.toLowerCase()]!);
  const bytes = Buffer.from(given, 'base64');
  // Node passes over what is no base64; only the one spelling that everybody writes is let in.
  const spelling = bytes.toString('base64');
  if (given !== spelling && given !== spelling.replace(/=+$/, '')) return '';
  const token = bytes.toString('latin1');
  return /^[\w.-]+$/.test(token) ? token : '';
}
