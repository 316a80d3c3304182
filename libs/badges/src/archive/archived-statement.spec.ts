import fc from 'fast-check';
import { archiveLine, readArchiveLine } from './archived-credential.js';
import type { ArchivedStatement } from './archived-statement.js';

const statement = (payload: string, document: string, jwt: string): ArchivedStatement => ({
  id: '00000000-0000-7000-8000-00000000000a',
  kind: 'record',
  organisationId: '00000000-0000-7000-8000-00000000000b',
  publicId: '1abcdefghjkmnpqrstvwxyz012',
  statusListId: '00000000-0000-7000-8000-00000000000c',
  statusListPublicId: '1abcdefghjkmnpqrstvwxyz013',
  statusIndex: 7,
  ed25519KeyId: 'ed-1',
  rs256KeyId: 'rsa-1',
  issuerDid: 'did:web:badges.example:issuers:nord',
  signedAt: '2026-11-22T12:00:00.000Z',
  payload,
  document,
  jwt,
  about: { id: '00000000-0000-7000-8000-00000000000d', award_ids: ['00000000-0000-7000-8000-00000000000e'] },
});

describe('a line of an endorsement or a record', () => {
  it('gives back every byte, whatever document and JWT are', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, fc.boolean(), (said, proof, jwt, isOurs) => {
        const payload = JSON.stringify({ said });
        const document = isOurs ? `${payload.slice(0, -1)},"proof":${JSON.stringify([proof])}}` : proof;
        const entry = { kind: 'statement' as const, statement: statement(payload, document, jwt) };
        expect(readArchiveLine(archiveLine(entry).toString().slice(0, -1))).toEqual(entry);
      }),
    );
  });

  it('is not read when a character of it was changed', () => {
    const line = archiveLine({ kind: 'statement', statement: statement('{}', '{}', 'a.b.c') }).toString();
    expect(readArchiveLine(line.replace('badges.example', 'badges.exemple').slice(0, -1))).toBeUndefined();
  });
});
