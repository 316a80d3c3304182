import fc from 'fast-check';
import type { CredentialFacts } from '../credential-facts.js';
import { type CredentialBytes, isArchivedAs } from './archived-as.js';
import { type ArchivedCredential, archiveLine, readArchiveLine } from './archived-credential.js';
import { anArchivedCredential } from './builders.spec-support.js';

const lineOf = (credential: ArchivedCredential): Buffer =>
  archiveLine({ kind: 'credential', credential }).subarray(0, -1);

/** A credential as the database has it, in the parts that the check has made of it. */
function bytesOf({ document, jwt, payload, ...one }: ArchivedCredential): CredentialBytes {
  const [header, body, signature] = jwt.split('.');
  const content = Buffer.from(payload.slice(0, -1));
  return {
    ...one,
    supersedes: one.supersedes ?? null,
    payload: Buffer.from(payload),
    proof: Buffer.from(document.slice(payload.length - 1 + ',"proof":'.length, -1)),
    claims: Buffer.from(body!, 'base64url').subarray(content.length).toString(),
    header: header!,
    signature: signature!,
  };
}

describe('a line of the archive, beside a credential of the database', () => {
  let credential: ArchivedCredential;
  beforeAll(async () => {
    credential = await asTheWorkerWrites();
  });

  it('is the same when it was written of that credential, whatever its strings are', async () => {
    expect(isArchivedAs(lineOf(credential), bytesOf(credential))).toBe(true);
    const other = await asTheWorkerWrites({ recipientName: 'Zoé « \\ " \t' });
    expect(isArchivedAs(lineOf(other), bytesOf(other))).toBe(true);
    expect(isArchivedAs(lineOf(other), bytesOf(credential))).toBe(false);
    const text = fc.string({
      unit: fc.constantFrom('"', '\\', '\n', '\t', '\b', '\f', '\r', 'u', 'n', 'é', '😀', ' ', '/'),
    });
    fc.assert(
      fc.property(text, text, (first, second) => {
        const odd = withPayload(credential, JSON.stringify({ first, second, both: JSON.stringify([first]) }));
        expect(isArchivedAs(lineOf(odd), bytesOf(odd))).toBe(true);
      }),
    );
  });

  it('is never called the same when it reads as anything else', () => {
    const line = lineOf(credential);
    const issued = bytesOf(credential);
    let refused = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 65, max: line.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, by) => {
          const changed = Buffer.from(line);
          changed[at]! ^= by;
          if (!isArchivedAs(changed, issued)) {
            refused += 1;
            return;
          }
          // Only the time of signing is not compared.
          expect(changed.toString().replace(/"signedAt":"[^"]*"/, '')).toBe(
            line.toString().replace(/"signedAt":"[^"]*"/, ''),
          );
        },
      ),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(1_900);
    for (const end of [1, 2, 100]) expect(isArchivedAs(line.subarray(0, -end), issued)).toBe(false);
    expect(isArchivedAs(Buffer.concat([line, Buffer.from(' ')]), issued)).toBe(false);
  });

  it.each<[string, (issued: CredentialBytes) => Partial<CredentialBytes>]>([
    ['organisation', () => ({ organisationId: '00000000-0000-7000-8000-0000000000ff' })],
    ['public id', () => ({ publicId: '2' })],
    ['place in its list', () => ({ statusIndex: 43 })],
    ['key', () => ({ rs256KeyId: 'rsa-1' })],
    ['predecessor', () => ({ supersedes: '00000000-0000-7000-8000-0000000000ff' })],
    ['payload', ({ payload }) => ({ payload: payload.subarray(0, -1) })],
    ['proof', ({ proof }) => ({ proof: Buffer.concat([proof, Buffer.from(' ')]) })],
    ['claims', ({ claims }) => ({ claims: claims.replace('"iss"', '"Iss"') })],
    ['signature', ({ signature }) => ({ signature: `${signature}A` })],
    ['person', ({ award }) => ({ award: { ...award, personId: 'x' } })],
    ['reason', ({ award }) => ({ award: { ...award, reasons: [{ code: 'present' }] } })],
  ])('differs from a credential with another %s', (_name, change) => {
    const issued = bytesOf(credential);
    expect(isArchivedAs(lineOf(credential), { ...issued, ...change(issued) })).toBe(false);
  });

  it('is left to be read when it says the same in other words', () => {
    const text = lineOf(credential).toString();
    for (const [words, others] of [
      ['"statusIndex":42', '"statusIndex":42.0'],
      ['"payload":"{', '"payload":"\\u007b'],
      ['"edition":"open', '"edition":"\\u006fpen'],
    ] as const) {
      expect(text).toContain(words);
      expect(isArchivedAs(Buffer.from(text.replace(words, others)), bytesOf(credential))).toBe(false);
    }
    const { supersedes: _none, ...older } = credential;
    expect(isArchivedAs(lineOf(older), bytesOf(credential))).toBe(false);
    expect(readArchiveLine(lineOf(older).toString())).toMatchObject({ kind: 'credential' });
  });
});

/** Its members in the order of the worker's. */
async function asTheWorkerWrites(facts: Partial<CredentialFacts> = {}): Promise<ArchivedCredential> {
  const { signedAt, payload, document, jwt, award, ...head } = await anArchivedCredential({}, facts);
  return { ...head, supersedes: null, signedAt, payload, document, jwt, award };
}

/** Signed by nobody: of what was signed, only the texts are compared. */
function withPayload(credential: ArchivedCredential, payload: string): ArchivedCredential {
  const claims = ',"iss":"x"}';
  const body = Buffer.from(payload.slice(0, -1) + claims).toString('base64url');
  return {
    ...credential,
    payload,
    document: `${payload.slice(0, -1)},"proof":[{"proofValue":"z1"}]}`,
    jwt: `e30.${body}.AAAA`,
  };
}
