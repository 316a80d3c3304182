import { generateKeyPairSync } from 'node:crypto';
import { compactVerify } from 'jose';
import { signJws } from './jws.js';

describe('a JWS', () => {
  it('is verified by another library, has no header but the algorithm, and is the same each time', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jws = await signJws('{"name":"é 漢字"}', privateKey);
    const { payload, protectedHeader } = await compactVerify(jws, publicKey);
    expect([Buffer.from(payload).toString(), protectedHeader]).toEqual([
      '{"name":"é 漢字"}',
      { alg: 'RS256' },
    ]);
    expect(await signJws('{"name":"é 漢字"}', privateKey)).toBe(jws);
  });

  it('is refused to a public key, a short one and one of another kind', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { privateKey: short } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const { privateKey: another } = generateKeyPairSync('ed25519');
    for (const key of [publicKey, short, another])
      await expect(signJws('{}', key)).rejects.toMatchObject({ code: 'key_malformed' });
  });
});
