import fc from 'fast-check';
import pg from 'pg';
import { shortTexts } from '../../libs/badges/src/short-texts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('the large texts of credentials', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
  }, 120_000);
  afterAll(async () => {
    await owner?.end();
    await database?.drop();
  });

  it('are compressed with lz4 where the server has it and else not at all, a VC-JWT never', async () => {
    const { rows: server } = await owner.query<{ has: boolean }>(
      `select 'lz4' = any (enumvals) as has from pg_settings where name = 'default_toast_compression'`,
    );
    const { rows } = await owner.query<{ name: string; compression: string; storage: string }>(
      `select attname as name, attcompression as compression, attstorage as storage from pg_attribute
       where attrelid = 'credential'::regclass and attname in ('document', 'jwt', 'payload') order by attname`,
    );
    const [compression, storage] = server[0]?.has ? ['l', 'x'] : ['', 'e'];
    expect(rows).toEqual([
      { name: 'document', compression, storage },
      { name: 'jwt', compression: '', storage: 'e' },
      { name: 'payload', compression, storage },
    ]);
  });

  /** What the database makes of a payload and a short form. */
  async function whole(payload: string, short: ReturnType<typeof shortTexts>): Promise<unknown> {
    const [header, claims, signature] = short.jwtParts ?? [];
    const { rows } = await owner.query(
      `select signed_document(c) as document, signed_jwt(c) as jwt
       from jsonb_populate_record(null::credential, $1::jsonb) c`,
      [
        JSON.stringify({
          ...{ payload, proof: short.proof, document: short.document, jwt: short.jwt },
          ...{ jwt_header: header, jwt_claims: claims, jwt_signature: signature },
        }),
      ],
    );
    return rows[0];
  }

  it('are made whole again to the byte, whatever characters they hold', async () => {
    const text = fc.string({ unit: 'grapheme' }).map((given) => given.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, proofValue, jti) => {
        const payload = JSON.stringify({ name });
        const proof = JSON.stringify([{ proofValue }]);
        const claims = `,${JSON.stringify({ jti }).slice(1)}`;
        const body = Buffer.from(payload.slice(0, -1) + claims).toString('base64url');
        const signed = {
          payload,
          document: `${payload.slice(0, -1)},"proof":${proof}}`,
          jwt: `eyJhbGciOiJSUzI1NiJ9.${body}.c2ln`,
        };
        const short = shortTexts(signed);
        expect(short).toEqual({ proof, jwtParts: ['eyJhbGciOiJSUzI1NiJ9', claims, 'c2ln'] });
        expect(await whole(payload, short)).toEqual({ document: signed.document, jwt: signed.jwt });
      }),
      { numRuns: 200 },
    );
  });

  it('are taken as they are where they were stored whole', async () => {
    const texts = { document: '{"other":1}', jwt: 'a.b.c' };
    expect(await whole('{"name":"x"}', texts)).toEqual(texts);
    expect(await whole('{"name":"x"}', {})).toEqual({ document: null, jwt: null });
  });
});
