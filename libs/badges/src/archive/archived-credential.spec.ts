import fc from 'fast-check';
import { sha256 } from '#platform';
import { shortTexts } from '../short-texts.js';
import { archiveLine, readArchiveLine } from './archived-credential.js';
import { anArchivedCredential, anArchivedKey } from './builders.spec-support.js';

const kept = (line: Buffer): string => line.toString().slice(0, -1);

describe('a line of the archive', () => {
  it('gives back the very bytes of document and JWT, although the content stands in it once', async () => {
    const credential = await anArchivedCredential();
    const line = archiveLine({ kind: 'credential', credential });
    expect(readArchiveLine(kept(line))).toEqual({ kind: 'credential', credential });
    expect(line.length).toBeLessThan(1.5 * credential.document.length);
    expect(line.length).toBeLessThan(credential.document.length + credential.jwt.length);
  });

  it('is the same when its short form comes with it', async () => {
    const credential = await anArchivedCredential();
    const line = archiveLine({ kind: 'credential', credential });
    const { payload, document, jwt } = credential;
    const short = shortTexts({ payload, document, jwt });
    expect(archiveLine({ kind: 'credential', credential: { ...credential, short } })).toEqual(line);
  });

  it('gives back any strings, also those that are no credential at all', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, (payload, document, jwt) => {
        const credential = {
          ...base,
          payload,
          document,
          jwt,
        };
        expect(readArchiveLine(kept(archiveLine({ kind: 'credential', credential })))).toEqual({
          kind: 'credential',
          credential,
        });
      }),
    );
  });

  it('stands on one line whatever it holds', () => {
    const line = archiveLine({
      kind: 'key',
      key: { ...anArchivedKey('a\n\r\u2028\u2029'), publicJwk: '\n' },
    });
    expect(line.toString().split(/\r\n|[\n\r\u2028\u2029]/)).toEqual([kept(line), '']);
  });

  it('is not whole when one byte changes or its end is missing', async () => {
    const line = kept(archiveLine({ kind: 'credential', credential: await anArchivedCredential() }));
    fc.assert(
      fc.property(fc.nat(line.length - 1), (at) => {
        expect(readArchiveLine(line.slice(0, at))).toBeUndefined();
        const other = line[at] === '0' ? '1' : '0';
        expect(readArchiveLine(line.slice(0, at) + other + line.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('of a form of later days is refused, not passed over', () => {
    for (const text of ['{"t":"credential","v":2}', '{"t":"poem","v":1}'])
      expect(() => readArchiveLine(`${sha256(text).toString('hex')} ${text}`)).toThrow(
        /version that wrote it/,
      );
  });

  let base: Awaited<ReturnType<typeof anArchivedCredential>>;
  beforeAll(async () => {
    base = await anArchivedCredential();
  });
});
