import fc from 'fast-check';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '#platform';
import { OneCopyOfAText1796100100000 } from '../../libs/badges/src/migrations/1796100100000-one-copy-of-a-text.js';
import { type SecuredTexts, shortTexts } from '../../libs/badges/src/short-texts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld } from '../support/issuance-world.js';

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
    // Some longer than a line of base64, which PostgreSQL breaks.
    const text = fc.string({ unit: 'grapheme', size: 'medium' }).map((given) => given.replaceAll('\0', ''));
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

  it.each(['', 'x', 'é', '😀', '{"name":"x"}é', '{"name":"x"} ', '{"name":"x"}\n'])(
    'can be asked for when somebody has put %j in the place of the payload',
    async (payload) => {
      const { document, jwt } = (await whole(payload, {
        proof: '[]',
        jwtParts: ['a', ',"jti":1}', 'b'],
      })) as SecuredTexts;
      const cut = [...payload].slice(0, -1).join('');
      expect(document).toBe(`${cut},"proof":[]}`);
      expect(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()).toBe(`${cut},"jti":1}`);
    },
  );

  it('are made by functions that neither role of the service can replace', async () => {
    for (const url of [database.url, database.workerUrl]) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query('select signed_document(c), signed_jwt(c) from credential c');
        for (const sql of [
          `create or replace function signed_document(c credential) returns text language sql return ''`,
          `create function signed_document(c credential, more text default '') returns text language sql return ''`,
          'alter function signed_jwt(credential) rename to other',
          'drop function signed_jwt(credential)',
        ])
          await expect(client.query(sql)).rejects.toThrow(/permission denied|must be owner/);
      } finally {
        await client.end();
      }
    }
  });
});

describe('badges signed with one copy of their content', () => {
  let world: IssuanceWorld;
  let owner: DataSource;
  beforeAll(async () => {
    world = await anIssuanceWorld();
    owner = await new DataSource(dataSourceOptions({ url: world.urls.ownerUrl, entities: [] })).initialize();
  }, 120_000);
  afterAll(async () => {
    await owner?.destroy();
    await world?.close();
  });

  it('are whole again for a program that knows no other form, when the migration is taken back', async () => {
    const { outboxIds } = await aPlannedRoom(world, 4);
    for (const id of outboxIds) await world.signCredentials.run(id);
    const rows: { id: string }[] = await owner.query('select id from credential order by id');
    const mixed = [
      'document = signed_document(credential), proof = null',
      'jwt = signed_jwt(credential), jwt_header = null, jwt_claims = null, jwt_signature = null',
      'document = signed_document(credential), jwt = signed_jwt(credential), proof = null, jwt_header = null',
    ];
    for (const [place, assignment] of mixed.entries())
      await owner.query(`update credential set ${assignment} where id = $1`, [rows[place]!.id]);
    const signed = await owner.query(
      'select id, signed_document(c) as document, signed_jwt(c) as jwt from credential c order by id',
    );
    const runner = owner.createQueryRunner();
    try {
      const migration = new OneCopyOfAText1796100100000();
      await migration.down(runner);
      expect(await owner.query('select id, document, jwt from credential order by id')).toEqual(signed);
      await migration.up(runner);
      expect(
        await owner.query(
          'select id, signed_document(c) as document, signed_jwt(c) as jwt from credential c order by id',
        ),
      ).toEqual(signed);
    } finally {
      await runner.release();
    }
  });
});
