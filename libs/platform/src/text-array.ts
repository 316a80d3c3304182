const textOid = 25;

/**
 * A `text[]` parameter in PostgreSQL's binary form, for many or large texts: as a list, the driver would write it as one
 * text with every quote escaped, and the server would read it character by character. Bytes are texts in UTF-8 already.
 */
export function textArray(texts: readonly (string | Buffer)[]): Buffer {
  const lengths = texts.map((text) => (typeof text === 'string' ? Buffer.byteLength(text) : text.length));
  const header = texts.length === 0 ? [0, 0, textOid] : [1, 0, textOid, texts.length, 1];
  const size = lengths.reduce((sum, length) => sum + 4 + length, 4 * header.length);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const number of header) at = bytes.writeInt32BE(number, at);
  for (const [index, text] of texts.entries()) {
    at = bytes.writeInt32BE(lengths[index]!, at);
    at += typeof text === 'string' ? bytes.write(text, at) : text.copy(bytes, at);
  }
  return bytes;
}
