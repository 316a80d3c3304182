import { spawn } from 'node:child_process';
import { constants, createPublicKey, type KeyObject, publicEncrypt, timingSafeEqual } from 'node:crypto';
import { sha256 } from '#platform/basics';
import { KeyServicePinRefused, KeyServiceUnavailable } from './errors.js';
import { type KeyContext, KeyService, type KeyServiceDescription } from './key-service.js';

/** An RSA key pair in a PKCS#11 token, reached through OpenSC's pkcs11-tool. */
export interface Pkcs11Token {
  /** Path of the token's PKCS#11 library. */
  module: string;
  /** Label of the token, and of the key pair in it. */
  token: string;
  object: string;
  /** CKA_ID of the pair in hex; needed when the token holds several, since the tool decrypts by id alone. */
  id?: string;
  pin: string;
  /** Hash of OAEP and its MGF1; some tokens know SHA-1 only, which is no weakness in this use. */
  hash: 'sha1' | 'sha256';
  /** Variables the library needs, beside PATH and HOME. */
  environment: Record<string, string | undefined>;
}

const format = 1;
const patienceMs = 20_000;
const largestOutput = 64 * 1024;

/** What this process knows of a PIN: logins wait for one another, and what the token said when it refused it. */
interface PinUse {
  turn: Promise<unknown>;
  refusal?: string;
}

/** Of every token and PIN: several services may share a token, and a token counts the tries of all. */
const pinUses = new Map<string, PinUse>();

/**
 * A master key in a hardware token: data keys are wrapped with its RSA public key (RSAES-OAEP, RFC 8017, 7.1) and
 * unwrapped inside the token. What is encrypted is the data key and the SHA-256 of its context, compared on opening.
 * The PIN travels in the child's environment, never on a command line; data keys travel through pipes, never files.
 * Tokens lock themselves after a few wrong PINs: one that was refused is not offered again by this process.
 */
export class Pkcs11KeyService extends KeyService {
  private publicKey?: Promise<KeyObject>;
  private readonly pinUse: PinUse;

  constructor(private readonly token: Pkcs11Token) {
    super();
    const { module, token: label, pin, environment } = token;
    const name = sha256(JSON.stringify([module, label, pin, environment])).toString('hex');
    this.pinUse = pinUses.get(name) ?? { turn: Promise.resolve() };
    pinUses.set(name, this.pinUse);
  }

  describe(): KeyServiceDescription {
    return { kind: 'pkcs11', id: `pkcs11:token=${this.token.token};object=${this.token.object}` };
  }

  async wrap(dataKey: Buffer, context: KeyContext): Promise<Buffer> {
    this.publicKey ??= this.readPublicKey();
    const key = await this.publicKey.catch((error: unknown) => {
      this.publicKey = undefined;
      throw error;
    });
    const plain = Buffer.concat([dataKey, contextHash(context)]);
    try {
      const { hash } = this.token;
      const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash };
      return Buffer.concat([Buffer.of(format, hash === 'sha1' ? 1 : 2), publicEncrypt(options, plain)]);
    } finally {
      plain.fill(0);
    }
  }

  async unwrap(wrapped: Buffer, context: KeyContext): Promise<Buffer> {
    const hash = { 1: 'SHA-1', 2: 'SHA256' }[wrapped[1] ?? 0];
    if (wrapped[0] !== format || !hash) throw new Error('Not wrapped with a token');
    const plain = await this.logIn(
      [
        '--decrypt',
        '--mechanism',
        'RSA-PKCS-OAEP',
        '--hash-algorithm',
        hash,
        '--mgf',
        hash === 'SHA-1' ? 'MGF1-SHA1' : 'MGF1-SHA256',
        ...this.named(),
      ],
      wrapped.subarray(2),
    );
    const [dataKey, bound] = [plain.subarray(0, 32), plain.subarray(32)];
    if (bound.length !== 32 || !timingSafeEqual(bound, contextHash(context)))
      throw new Error('Wrapped for another key');
    return dataKey;
  }

  private named(): string[] {
    const { object, id } = this.token;
    return ['--label', object, ...(id === undefined ? [] : ['--id', id])];
  }

  private async readPublicKey(): Promise<KeyObject> {
    const der = await this.run(['--read-object', '--type', 'pubkey', ...this.named()]);
    try {
      return createPublicKey({ key: der, format: 'der', type: 'spki' });
    } catch (cause) {
      throw this.refused('no RSA public key of that label', cause);
    }
  }

  /** Runs the tool with the PIN. One at a time: of many that start together with a wrong PIN, one alone spends a try. */
  private logIn(args: string[], input: Buffer): Promise<Buffer> {
    const done = this.pinUse.turn.then(async () => {
      const { refusal } = this.pinUse;
      if (refusal !== undefined) throw this.refused(refusal);
      return await this.run(['--login', '--pin', 'env:INSIGNE_PKCS11_PIN', ...args], input).catch((error) => {
        if (error instanceof KeyServicePinRefused) this.pinUse.refusal = error.reason;
        throw error;
      });
    });
    this.pinUse.turn = done.catch(() => undefined);
    return done;
  }

  private refused(reason: string, cause?: unknown): KeyServiceUnavailable {
    const options = { cause, remedy: remedyOf(reason) };
    const { id } = this.describe();
    return /CKR_PIN/.test(reason)
      ? new KeyServicePinRefused(id, reason, options)
      : new KeyServiceUnavailable(id, reason, options);
  }

  private run(args: string[], input?: Buffer): Promise<Buffer> {
    const { module, token, pin, environment } = this.token;
    return new Promise((resolve, reject) => {
      const child = spawn('pkcs11-tool', ['--module', module, '--token-label', token, ...args], {
        env: { ...environment, LANG: 'C', INSIGNE_PKCS11_PIN: pin },
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: patienceMs,
        killSignal: 'SIGKILL',
      });
      const output: Buffer[] = [];
      let complaint = '';
      let length = 0;
      child.stdout.on('data', (part: Buffer) => {
        length += part.length;
        if (length <= largestOutput) output.push(part);
      });
      child.stderr.on('data', (part: Buffer) => {
        complaint = `${complaint}${part.toString('latin1')}`.slice(-500);
      });
      // A tool that ends early closes its input; its exit code tells why.
      child.stdin.on('error', () => undefined);
      child.once('error', (cause: NodeJS.ErrnoException) =>
        reject(
          this.refused(
            cause.code === 'ENOENT' ? 'pkcs11-tool is missing (Debian: opensc)' : cause.message,
            cause,
          ),
        ),
      );
      child.once('close', (code, signal) => {
        if (code === 0) resolve(Buffer.concat(output));
        else reject(this.refused(`pkcs11-tool ended with ${signal ?? code}: ${reasonIn(complaint)}`));
      });
      child.stdin.end(input);
    });
  }
}

/** The name of the PKCS#11 error in what the tool complained of, nothing else of it. */
const reasonIn = (complaint: string): string =>
  /CKR_[A-Z0-9_]+/.exec(complaint)?.[0] ??
  /(No slot with [a-z ]+|object not found)/i.exec(complaint)?.[0] ??
  'error';

const remedies: [RegExp, { fr: string; en: string }][] = [
  [
    /CKR_PIN_LOCKED/,
    {
      fr: 'le code PIN est verrouillé après trop d’essais ; déverrouillez le jeton avec son code d’administration (SO PIN), puis redémarrez ce programme',
      en: 'the PIN is locked after too many tries; unlock the token with its security officer’s PIN, then restart this program',
    },
  ],
  [
    /CKR_PIN/,
    {
      fr: 'le code PIN n’est pas celui du jeton et n’est plus présenté, car trop d’essais verrouillent un jeton ; corrigez le fichier que nomme pin-source, puis redémarrez ce programme',
      en: 'the PIN is not that of the token and is not offered again, since too many tries lock a token; correct the file that pin-source names, then restart this program',
    },
  ],
  [
    /No slot|CKR_TOKEN|CKR_SLOT|CKR_DEVICE/i,
    {
      fr: 'le jeton n’est pas là ; branchez-le, ou corrigez token= et module-path=',
      en: 'the token is not there; plug it in, or correct token= and module-path=',
    },
  ],
  [
    /object not found|no RSA public key/i,
    {
      fr: 'ce jeton n’a pas cette clé ; corrigez object= et id=',
      en: 'this token has no such key; correct object= and id=',
    },
  ],
];

const remedyOf = (reason: string) => remedies.find(([words]) => words.test(reason))?.[1];

const contextHash = ({ keyId, issuerId }: KeyContext): Buffer =>
  sha256(`insigne:2:wrap:${issuerId}:${keyId}`);
