const textOid = 25;

/**
 * A `text[]` parameter in PostgreSQL's binary form, for many or large texts: as a list, the driver would write it as one
 * text with every quote escaped, and the server would read it character by character. Bytes are texts in UTF-8 already; `undefined` is null.
 */
export function textArray(texts: readonly (string | Buffer | undefined)[]): Buffer {
  const lengths = texts.map((text) => (text === undefined ? -1 : Buffer.byteLength(text)));
  const hasNull = lengths.includes(-1) ? 1 : 0;
  const header = texts.length === 0 ? [0, 0, textOid] : [1, hasNull, textOid, texts.length, 1];
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(length, 0), 4 * header.length);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const number of header) at = bytes.writeInt32BE(number, at);
  for (const [index, text] of texts.entries()) {
    at = bytes.writeInt32BE(lengths[index]!, at);
    if (text !== undefined) at += typeof text === 'string' ? bytes.write(text, at) : text.copy(bytes, at);
  }
  return bytes;
}
