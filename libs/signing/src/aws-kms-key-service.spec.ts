import { createHash, createHmac, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decryptBox, encryptBox } from './box.js';
import { KeyServiceUnavailable, SealedKeyUnreadable } from './errors.js';
import type { KeyService } from './key-service.js';
import { openKeyService } from './open-key-service.js';
import { openPrivateKey, rewrapPrivateKey, sealPrivateKey } from './sealing.js';
import { SecretKeyService } from './secret-key-service.js';

const keyArn = 'arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const credentials = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'only for this test' };
const theFirst = { id: credentials.AWS_ACCESS_KEY_ID, secret: credentials.AWS_SECRET_ACCESS_KEY };
const context = { keyId: 'ed-1', issuerId: '0190-a' };

/**
 * A key service that speaks KMS's JSON protocol, checks each request's signature by its own reading of the signing
 * process, and encrypts for real under a key of its own.
 */
class LocalKms {
  readonly asked: { action: string; body: Record<string, unknown> }[] = [];
  failure?: { status: number; body: string };
  /** Whom it takes now. */
  accepted: { id: string; secret: string; token?: string } = theFirst;
  private readonly key = randomBytes(32);
  private constructor(readonly server: Server) {}

  static async start(): Promise<LocalKms> {
    const server = createServer();
    const kms = new LocalKms(server);
    server.on('request', async (request: IncomingMessage, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { status, body } = kms.answer(request, Buffer.concat(parts));
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return kms;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private answer(request: IncomingMessage, raw: Buffer): { status: number; body: string } {
    if (this.failure) return this.failure;
    const refuse = (type: string) => ({
      status: 400,
      body: JSON.stringify({ __type: `com.amazonaws.kms#${type}` }),
    });
    const { id, token } = this.accepted;
    if (!request.headers.authorization?.includes(` Credential=${id}/`))
      return refuse('UnrecognizedClientException');
    if (!this.isSigned(request, raw)) return refuse('InvalidSignatureException');
    if (request.headers['x-amz-security-token'] !== token) return refuse('ExpiredTokenException');
    const body = JSON.parse(raw.toString()) as Record<string, unknown>;
    const action = String(request.headers['x-amz-target']).replace('TrentService.', '');
    this.asked.push({ action, body });
    const bound = JSON.stringify(body.EncryptionContext);
    if (action === 'Encrypt') {
      const blob = encryptBox(this.key, Buffer.from(String(body.Plaintext), 'base64'), bound);
      return {
        status: 200,
        body: JSON.stringify({ CiphertextBlob: blob.toString('base64'), KeyId: keyArn }),
      };
    }
    try {
      const plain = decryptBox(this.key, Buffer.from(String(body.CiphertextBlob), 'base64'), bound);
      return { status: 200, body: JSON.stringify({ Plaintext: plain.toString('base64'), KeyId: keyArn }) };
    } catch {
      return refuse('InvalidCiphertextException');
    }
  }

  private isSigned(request: IncomingMessage, raw: Buffer): boolean {
    const match =
      /^AWS4-HMAC-SHA256 Credential=[A-Z0-9]+\/(\d{8})\/eu-west-3\/kms\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
        request.headers.authorization ?? '',
      );
    if (!match || request.method !== 'POST' || request.url !== '/') return false;
    const [, day, names, signature] = match as unknown as [string, string, string, string];
    for (const needed of ['content-type', 'host', 'x-amz-date', 'x-amz-target'])
      if (!names.split(';').includes(needed)) return false;
    const headers = names.split(';').map((name) => `${name}:${String(request.headers[name])}\n`);
    const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
    const canonical = `POST\n/\n\n${headers.join('')}\n${names}\n${digest(raw)}`;
    const time = String(request.headers['x-amz-date']);
    const scope = `${day}/eu-west-3/kms/aws4_request`;
    let key: Buffer | string = `AWS4${this.accepted.secret}`;
    for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest(canonical)}`;
    return time.startsWith(day) && createHmac('sha256', key).update(toSign).digest('hex') === signature;
  }
}

describe('AWS KMS as key service', () => {
  let kms: LocalKms;
  let service: KeyService;
  const { privateKey } = generateKeyPairSync('ed25519');
  const serviceWith = (environment: Record<string, string>): KeyService =>
    openKeyService(keyArn, { ...credentials, AWS_ENDPOINT_URL_KMS: kms.endpoint, ...environment });
  beforeAll(async () => {
    kms = await LocalKms.start();
    service = serviceWith({});
  });
  afterEach(() => {
    kms.failure = undefined;
    kms.accepted = theFirst;
  });
  afterAll(() => new Promise((resolve) => kms.server.close(resolve)));

  it('wraps and unwraps data keys with signed requests, bound to key and issuer', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    expect(sealed.keyService).toBe(`aws-kms:${keyArn}`);
    expect((await openPrivateKey(sealed, context, [service])).equals(privateKey)).toBe(true);
    expect(kms.asked.map(({ action }) => action)).toEqual(['Encrypt', 'Decrypt']);
    expect(kms.asked[0]!.body).toMatchObject({
      KeyId: keyArn,
      EncryptionContext: { 'insigne:key': 'ed-1', 'insigne:issuer': '0190-a' },
    });
    const elsewhere = openPrivateKey(sealed, { ...context, issuerId: '0190-b' }, [service]);
    await expect(elsewhere).rejects.toThrow(SealedKeyUnreadable);
  });

  it('sends data keys only, never a private key', async () => {
    kms.asked.length = 0;
    await sealPrivateKey(privateKey, context, service);
    expect(Buffer.from(String(kms.asked[0]!.body.Plaintext), 'base64')).toHaveLength(32);
  });

  it('takes over keys that a master key file wrapped, and gives them back', async () => {
    const file = new SecretKeyService(createSecretKey(randomBytes(32)));
    const moved = await rewrapPrivateKey(
      await sealPrivateKey(privateKey, context, file),
      context,
      [file],
      service,
    );
    expect((await openPrivateKey(moved, context, [service])).equals(privateKey)).toBe(true);
    const back = await rewrapPrivateKey(moved, context, [service], file);
    expect((await openPrivateKey(back, context, [file])).equals(privateKey)).toBe(true);
  });

  it('refuses wrong credentials, which is not a lost key', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    for (const [environment, type] of [
      [{ AWS_SECRET_ACCESS_KEY: 'another' }, /InvalidSignatureException/],
      [{ AWS_ACCESS_KEY_ID: 'AKIDANOTHER' }, /UnrecognizedClientException/],
      [{ AWS_SESSION_TOKEN: 'of yesterday' }, /ExpiredTokenException/],
    ] as const)
      await expect(openPrivateKey(sealed, context, [serviceWith(environment)])).rejects.toMatchObject({
        code: 'key_service_credentials_refused',
        isPassing: true,
        message: expect.stringMatching(type),
      });
  });

  it.each([
    ['ExpiredTokenException', /ont expiré.*redémarrez/, /have expired.*restart/],
    ['AccessDeniedException', /donnez-leur kms:Encrypt et kms:Decrypt/, /give them kms:Encrypt and kms:Dec/],
    ['UnrecognizedClientException', /pas les bons.*redémarrez/, /not the right ones.*restart/],
    ['InvalidSignatureException', /l’heure de la machine/, /clock of the machine/],
  ])('is told with what a person has to do: %s', async (type, fr, en) => {
    kms.failure = { status: 400, body: JSON.stringify({ __type: type, message: 'the secret body' }) };
    const refusal: unknown = await service.wrap(randomBytes(32), context).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'key_service_credentials_refused',
      text: { fr: expect.stringMatching(fr), en: expect.stringMatching(en) },
    });
    expect(JSON.stringify([String(refusal), refusal])).not.toContain('secret body');
  });

  describe('with a shared credentials file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'insigne-aws-'));
    const file = join(folder, 'credentials');
    afterAll(() => rmSync(folder, { recursive: true }));
    const write = (text: string, mode = 0o600): void => {
      writeFileSync(file, text);
      chmodSync(file, mode);
    };
    const profile = (name: string, { id, secret, token }: LocalKms['accepted']): string =>
      `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key=${secret}\n${token ? `aws_session_token = ${token}\n` : ''}`;
    const withFile = (environment: Record<string, string> = {}): KeyService =>
      openKeyService(keyArn, {
        AWS_SHARED_CREDENTIALS_FILE: file,
        AWS_ENDPOINT_URL_KMS: kms.endpoint,
        ...environment,
      });
    const hour = (n: number): LocalKms['accepted'] => ({
      id: `ASIA${n}`,
      secret: `se+cr/et=${n}`,
      token: `to/ken==${n}`,
    });

    it('goes on with renewed credentials without a restart, and says so while they are old', async () => {
      kms.accepted = hour(1);
      write(profile('default', hour(1)));
      const kept = withFile();
      const wrapped = await kept.wrap(randomBytes(32), context);
      kms.accepted = { ...hour(1), token: 'to/ken==2' };
      await expect(kept.unwrap(wrapped, context)).rejects.toMatchObject({
        code: 'key_service_credentials_refused',
        text: { en: expect.stringMatching(/have expired; write valid ones into the file/) },
      });
      kms.accepted = hour(2);
      write(profile('default', hour(2)));
      await expect(kept.unwrap(wrapped, context)).resolves.toHaveLength(32);
    });

    it('waits while the file is gone, empty or open to others, and tells nothing of what is in it', async () => {
      kms.accepted = hour(3);
      write(profile('default', hour(3)));
      const kept = withFile();
      const wrapped = await kept.wrap(randomBytes(32), context);
      for (const spoil of [
        () => rmSync(file),
        () => write(''),
        () => write(profile('default', hour(3)), 0o644),
      ]) {
        spoil();
        const refusal: unknown = await kept.unwrap(wrapped, context).catch((error: unknown) => error);
        expect(refusal).toMatchObject({ code: 'key_service_credentials_refused', isPassing: true });
        expect(String(refusal)).not.toContain(hour(3).secret);
      }
      write(profile('default', hour(3)));
      await expect(kept.unwrap(wrapped, context)).resolves.toHaveLength(32);
    });

    it('takes the profile that is named, with comments and others around it', async () => {
      kms.accepted = hour(4);
      write(
        `# by hand\n${profile('default', hour(1))}\n${profile(' work ', hour(4))}\n; end\n${profile('x', hour(2))}`,
      );
      await expect(withFile({ AWS_PROFILE: 'work' }).wrap(randomBytes(32), context)).resolves.toBeDefined();
      await expect(withFile().wrap(randomBytes(32), context)).rejects.toMatchObject({
        code: 'key_service_credentials_refused',
      });
    });

    it('is left aside where the variables are set', async () => {
      write(profile('default', hour(1)));
      await expect(withFile(credentials).wrap(randomBytes(32), context)).resolves.toBeDefined();
    });

    it('is refused at the start when others can read it, it is gone or lacks the profile', () => {
      write(profile('default', hour(1)));
      expect(() => withFile({ AWS_PROFILE: 'work' })).toThrow(/\[work\]/);
      chmodSync(file, 0o644);
      expect(() => withFile()).toThrow(/chmod 600/);
      rmSync(file);
      expect(() => withFile()).toThrow(expect.objectContaining({ code: 'master_key_missing' }));
    });
  });

  it.each([
    [500, '{"__type":"KMSInternalException"}', /KMSInternalException/],
    [400, '{"__type":"ThrottlingException","message":"the secret body"}', /ThrottlingException/],
    [200, '{"Plaintext":"the secret body', /Decrypt: SyntaxError/],
    [200, '{}', /without its bytes/],
    [302, '', /Decrypt/],
  ])('is away when it answers %i %s', async (status, body, reason) => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    kms.failure = { status, body };
    const error: unknown = await openPrivateKey(sealed, context, [service]).catch(
      (refusal: unknown) => refusal,
    );
    expect(error).toBeInstanceOf(KeyServiceUnavailable);
    expect(error).toMatchObject({ code: 'key_service_unavailable' });
    expect(String(error)).toMatch(reason);
    expect(String(error)).not.toContain('secret body');
    expect(JSON.stringify(error)).not.toContain('secret body');
  });

  it('is away when nobody listens', async () => {
    const nowhere = serviceWith({ AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:9' });
    await expect(nowhere.wrap(randomBytes(32), context)).rejects.toMatchObject({
      code: 'key_service_unavailable',
      details: { reason: expect.stringContaining('Encrypt: ') },
    });
  });
});
