import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyService } from './key-service.js';
import { openKeyService } from './open-key-service.js';

const context = { keyId: 'ed-1', issuerId: '0190-a' };
const wrapped = Buffer.concat([Buffer.of(1, 2), Buffer.alloc(256)]);

describe('a PIN that the token refuses', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  /** A token whose tool always answers the same, and writes down each time that it was asked. */
  const aToken = (answer: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'insigne-token-'));
    folders.push(folder);
    const tries = join(folder, 'tries');
    writeFileSync(tries, '');
    writeFileSync(
      join(folder, 'pkcs11-tool'),
      `#!/bin/sh\necho try >>"${tries}"\necho 'error: PKCS11 function ${answer}' >&2\nexit 1\n`,
      { mode: 0o755 },
    );
    const pin = (text: string): string => {
      writeFileSync(join(folder, text), text, { mode: 0o600 });
      return join(folder, text);
    };
    return {
      service: (text: string, object = 'o'): KeyService =>
        openKeyService(`pkcs11:token=t;object=${object}?module-path=/x&pin-source=${pin(text)}`, {
          PATH: `${folder}:${process.env.PATH}`,
        }),
      tries: (): number => readFileSync(tries, 'utf8').split('\n').length - 1,
    };
  };
  const refusalOf = (service: KeyService): Promise<unknown> =>
    service.unwrap(wrapped, context).then(
      () => 'opened',
      (refusal: unknown) => refusal,
    );

  it.each([
    ['CKR_PIN_INCORRECT', /n’est pas celui du jeton.*redémarrez/, /not that of the token.*restart/],
    ['CKR_PIN_LOCKED', /PIN est verrouillé.*redémarrez/, /PIN is locked.*restart/],
  ])('is offered once and never again: %s', async (error, fr, en) => {
    const token = aToken(`C_Login failed: rv = ${error} (0xa0)`);
    const service = token.service('834921');
    const told = { code: 'key_service_pin_refused', isPassing: true };
    for (let i = 0; i < 12; i += 1)
      expect(await refusalOf(service)).toMatchObject({
        ...told,
        text: { fr: expect.stringMatching(fr), en: expect.stringMatching(en) },
      });
    expect(token.tries()).toBe(1);
  });

  it('is offered once by many at the same moment, and by two keys of the same token', async () => {
    const token = aToken('C_Login failed: rv = CKR_PIN_INCORRECT (0xa0)');
    const [one, other] = [token.service('834921'), token.service('834921', 'older')];
    const refusals = await Promise.all([...Array(12).keys()].map((i) => refusalOf(i % 2 ? one : other)));
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'key_service_pin_refused' });
    expect(token.tries()).toBe(1);
  });

  it('leaves another PIN its try', async () => {
    const token = aToken('C_Login failed: rv = CKR_PIN_INCORRECT (0xa0)');
    await refusalOf(token.service('834921'));
    await refusalOf(token.service('607713'));
    expect(token.tries()).toBe(2);
  });

  it('is not what a token says that is away or broken: that is asked again', async () => {
    const token = aToken('C_Decrypt failed: rv = CKR_DEVICE_ERROR (0x30)');
    const service = token.service('834921');
    for (let i = 0; i < 3; i += 1)
      expect(await refusalOf(service)).toMatchObject({ code: 'key_service_unavailable' });
    expect(token.tries()).toBe(3);
  });
});
