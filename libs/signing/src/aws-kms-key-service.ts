import { type AwsCredentials, signAwsRequest } from './aws-sigv4.js';
import { KeyServiceUnavailable } from './errors.js';
import { type KeyContext, KeyService, type KeyServiceDescription } from './key-service.js';

export interface AwsKms {
  /** arn:aws:kms:<region>:<account>:key/<id> of a symmetric key. */
  keyArn: string;
  credentials: AwsCredentials;
  /** Where to ask, for example a VPC endpoint; https://kms.<region>.amazonaws.com when absent. */
  endpoint?: string;
}

const patienceMs = 10_000;

/**
 * A master key in AWS Key Management Service, which never leaves it: actions Encrypt and Decrypt of its JSON API, with
 * key id and issuer as encryption context, so that they stand in CloudTrail and a wrapped key opens in its place only.
 */
export class AwsKmsKeyService extends KeyService {
  private readonly region: string;

  constructor(private readonly kms: AwsKms) {
    super();
    this.region = kms.keyArn.split(':')[3]!;
  }

  describe(): KeyServiceDescription {
    return { kind: 'aws-kms', id: `aws-kms:${this.kms.keyArn}` };
  }

  async wrap(dataKey: Buffer, context: KeyContext): Promise<Buffer> {
    const { CiphertextBlob } = await this.ask('Encrypt', {
      KeyId: this.kms.keyArn,
      Plaintext: dataKey.toString('base64'),
      EncryptionContext: encryptionContext(context),
    });
    return this.bytes(CiphertextBlob, 'Encrypt');
  }

  async unwrap(wrapped: Buffer, context: KeyContext): Promise<Buffer> {
    const { Plaintext } = await this.ask('Decrypt', {
      KeyId: this.kms.keyArn,
      CiphertextBlob: wrapped.toString('base64'),
      EncryptionContext: encryptionContext(context),
    });
    return this.bytes(Plaintext, 'Decrypt');
  }

  private async ask(action: string, body: object): Promise<Record<string, unknown>> {
    const url = `${this.kms.endpoint ?? `https://kms.${this.region}.amazonaws.com`}/`;
    const text = JSON.stringify(body);
    const { host: _host, ...headers } = signAwsRequest(
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${action}` },
        body: text,
      },
      { region: this.region, service: 'kms' },
      this.kms.credentials,
      new Date(),
    );
    let answer: Response;
    let given: Record<string, unknown>;
    try {
      answer = await fetch(url, {
        method: 'POST',
        headers,
        body: text,
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMs),
      });
      given = (await answer.json()) as Record<string, unknown>;
    } catch (cause) {
      throw new KeyServiceUnavailable(this.describe().id, `${action}: ${(cause as Error).message}`, {
        cause,
      });
    }
    if (answer.ok) return given;
    // Only the error's type: the message may repeat what was sent.
    const type = /[A-Za-z]+$/.exec(String(given.__type))?.[0] ?? `HTTP ${answer.status}`;
    if (type === 'InvalidCiphertextException' || type === 'IncorrectKeyException') throw new Error(type);
    throw new KeyServiceUnavailable(this.describe().id, `${action}: ${type}`);
  }

  private bytes(value: unknown, action: string): Buffer {
    if (typeof value === 'string' && value !== '') return Buffer.from(value, 'base64');
    throw new KeyServiceUnavailable(this.describe().id, `${action}: an answer without its bytes`);
  }
}

const encryptionContext = ({ keyId, issuerId }: KeyContext): Record<string, string> => ({
  'insigne:key': keyId,
  'insigne:issuer': issuerId,
});
