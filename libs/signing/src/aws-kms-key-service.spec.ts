import { createHash, createHmac, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decryptBox, encryptBox } from './box.js';
import { KeyServiceUnavailable, SealedKeyUnreadable } from './errors.js';
import type { KeyService } from './key-service.js';
import { openKeyService } from './open-key-service.js';
import { openPrivateKey, rewrapPrivateKey, sealPrivateKey } from './sealing.js';
import { SecretKeyService } from './secret-key-service.js';

const keyArn = 'arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const credentials = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'only for this test' };
const context = { keyId: 'ed-1', issuerId: '0190-a' };

/**
 * A key service that speaks KMS's JSON protocol, checks each request's signature by its own reading of the signing
 * process, and encrypts for real under a key of its own.
 */
class LocalKms {
  readonly asked: { action: string; body: Record<string, unknown> }[] = [];
  failure?: { status: number; body: string };
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
    if (!this.isSigned(request, raw)) return refuse('IncompleteSignatureException');
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
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d{8})\/eu-west-3\/kms\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
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
    let key: Buffer | string = `AWS4${credentials.AWS_SECRET_ACCESS_KEY}`;
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

  it('is away with wrong credentials, which is not a lost key', async () => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    const other = serviceWith({ AWS_SECRET_ACCESS_KEY: 'another' });
    await expect(openPrivateKey(sealed, context, [other])).rejects.toThrow(KeyServiceUnavailable);
    await expect(openPrivateKey(sealed, context, [other])).rejects.toThrow(/IncompleteSignatureException/);
  });

  it.each([
    [500, '{"__type":"KMSInternalException"}', /KMSInternalException/],
    [400, '{"__type":"ThrottlingException","message":"the secret body"}', /ThrottlingException/],
    [200, 'not json', /Decrypt/],
    [200, '{}', /without its bytes/],
    [302, '', /Decrypt/],
  ])('is away when it answers %i %s', async (status, body, reason) => {
    const sealed = await sealPrivateKey(privateKey, context, service);
    kms.failure = { status, body };
    const error: unknown = await openPrivateKey(sealed, context, [service]).catch(
      (refusal: unknown) => refusal,
    );
    expect(error).toBeInstanceOf(KeyServiceUnavailable);
    expect(String(error)).toMatch(reason);
    expect(String(error)).not.toContain('secret body');
  });

  it('is away when nobody listens', async () => {
    const nowhere = serviceWith({ AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:9' });
    await expect(nowhere.wrap(randomBytes(32), context)).rejects.toThrow(KeyServiceUnavailable);
  });
});
