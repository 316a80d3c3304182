import type { AwsCredentialSource } from './aws-credentials.js';
import { type AwsCredentials, signAwsRequest } from './aws-sigv4.js';
import { KeyServiceCredentialsRefused, KeyServiceUnavailable } from './errors.js';
import { type KeyContext, KeyService, type KeyServiceDescription } from './key-service.js';

export interface AwsKms {
  /** arn:aws:kms:<region>:<account>:key/<id> of a symmetric key. */
  keyArn: string;
  credentials: AwsCredentialSource;
  /** Where to ask, for example a VPC endpoint; https://kms.<region>.amazonaws.com when absent. */
  endpoint?: string;
}

const patienceMs = 10_000;

/** What AWS calls a request whose credentials it does not take. */
const refusals =
  /^(AccessDenied|ExpiredToken|IncompleteSignature|InvalidClientTokenId|InvalidSignature|MissingAuthenticationToken|UnrecognizedClient)(Exception)?$/;

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
    const credentials = this.credentialsFor(action);
    const { host: _host, ...headers } = signAwsRequest(
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${action}` },
        body: text,
      },
      { region: this.region, service: 'kms' },
      credentials,
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
      throw new KeyServiceUnavailable(this.describe().id, `${action}: ${whyNot(cause as Error)}`, { cause });
    }
    if (answer.ok) return given;
    // Only the error's type: the message may repeat what was sent.
    const type = /[A-Za-z]+$/.exec(String(given.__type))?.[0] ?? `HTTP ${answer.status}`;
    if (type === 'InvalidCiphertextException' || type === 'IncorrectKeyException') throw new Error(type);
    if (refusals.test(type)) throw this.refused(`${action}: ${type}`);
    throw new KeyServiceUnavailable(this.describe().id, `${action}: ${type}`);
  }

  private credentialsFor(action: string): AwsCredentials {
    try {
      return this.kms.credentials.read();
    } catch (cause) {
      throw this.refused(`${action}: credentials file, ${(cause as { code?: string }).code}`, cause);
    }
  }

  private refused(reason: string, cause?: unknown): KeyServiceCredentialsRefused {
    const remedy = remedyOf(reason, this.kms.credentials.kind);
    return new KeyServiceCredentialsRefused(this.describe().id, reason, { cause, remedy });
  }

  private bytes(value: unknown, action: string): Buffer {
    if (typeof value === 'string' && value !== '') return Buffer.from(value, 'base64');
    throw new KeyServiceUnavailable(this.describe().id, `${action}: an answer without its bytes`);
  }
}

/** Never the message: a parser's quotes what it could not read, which may be a data key. */
const whyNot = (error: Error): string => (error.cause as { code?: string } | undefined)?.code ?? error.name;

const whatIsWrong: [RegExp, { fr: string; en: string }][] = [
  [/ExpiredToken/, { fr: 'les identifiants ont expiré', en: 'the credentials have expired' }],
  [
    /credentials file/,
    { fr: 'le fichier des identifiants est inutilisable', en: 'the file of credentials cannot be used' },
  ],
  [
    /./,
    {
      fr: 'les identifiants ne sont pas les bons, ou l’heure de la machine est fausse',
      en: 'the credentials are not the right ones, or the clock of the machine is wrong',
    },
  ],
];

function remedyOf(reason: string, kind: AwsCredentialSource['kind']): { fr: string; en: string } {
  if (/AccessDenied/.test(reason))
    return {
      fr: 'ces identifiants n’ont pas le droit de se servir de cette clé ; donnez-leur kms:Encrypt et kms:Decrypt',
      en: 'these credentials may not use this key; give them kms:Encrypt and kms:Decrypt',
    };
  const what = whatIsWrong.find(([words]) => words.test(reason))![1];
  return kind === 'file'
    ? {
        fr: `${what.fr} ; écrivez-en de valables dans le fichier AWS_SHARED_CREDENTIALS_FILE, relu à chaque demande`,
        en: `${what.en}; write valid ones into the file AWS_SHARED_CREDENTIALS_FILE, which is read anew each time`,
      }
    : {
        fr: `${what.fr} ; donnez-en de valables (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN) et redémarrez ce programme, ou passez par AWS_SHARED_CREDENTIALS_FILE, relu à chaque demande`,
        en: `${what.en}; give valid ones (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN) and restart this program, or use AWS_SHARED_CREDENTIALS_FILE, which is read anew each time`,
      };
}

const encryptionContext = ({ keyId, issuerId }: KeyContext): Record<string, string> => ({
  'insigne:key': keyId,
  'insigne:issuer': issuerId,
});
