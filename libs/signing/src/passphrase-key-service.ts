import { randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { decryptBox, encryptBox } from './box.js';
import { type KeyContext, KeyService, type KeyServiceDescription } from './key-service.js';
import { readPassphrase } from './master-key.js';

const format = 1;
const saltBytes = 16;
const keyBytes = 32;
// 128 MiB and some tenths of a second for each guess (RFC 7914: N = 2^17, r = 8, p = 1).
const costLog2 = 17;
const dearestLog2 = 20;

/**
 * A master key derived from a passphrase with scrypt. Salt and cost travel with each wrapped key; a process uses one
 * salt, that of the first key it opens, so it derives once. Layout: format, log2 N, 16 bytes salt, then the box.
 */
export class PassphraseKeyService extends KeyService {
  private readonly derived = new Map<string, Promise<Buffer>>();
  private salt?: Buffer;

  /** @param passphrase checked already, see `readPassphrase` */
  constructor(private readonly passphrase: Buffer) {
    super();
  }

  /** @throws SecretRefused (see `readPassphrase`) */
  static fromFile(file: string): PassphraseKeyService {
    return new PassphraseKeyService(readPassphrase(file));
  }

  // Nothing derived from the passphrase names it: a short name would let guesses be tested without scrypt.
  describe(): KeyServiceDescription {
    return { kind: 'passphrase', id: 'passphrase' };
  }

  async wrap(dataKey: Buffer, context: KeyContext): Promise<Buffer> {
    this.salt ??= randomBytes(saltBytes);
    const head = Buffer.concat([Buffer.of(format, costLog2), this.salt]);
    return Buffer.concat([
      head,
      encryptBox(await this.keyFor(this.salt, costLog2), dataKey, boundTo(context, head)),
    ]);
  }

  async unwrap(wrapped: Buffer, context: KeyContext): Promise<Buffer> {
    const head = wrapped.subarray(0, 2 + saltBytes);
    const cost = wrapped[1] ?? 0;
    if (wrapped[0] !== format || cost < 10 || cost > dearestLog2)
      throw new Error('Not wrapped with a passphrase');
    const salt = Buffer.from(head.subarray(2));
    const plain = decryptBox(
      await this.keyFor(salt, cost),
      wrapped.subarray(head.length),
      boundTo(context, head),
    );
    this.salt ??= salt;
    return plain;
  }

  private keyFor(salt: Buffer, cost: number): Promise<Buffer> {
    const name = `${cost}:${salt.toString('hex')}`;
    const known = this.derived.get(name);
    if (known) return known;
    const options: ScryptOptions = { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** (cost + 11) };
    const key = new Promise<Buffer>((resolve, reject) =>
      scrypt(this.passphrase, salt, keyBytes, options, (error, derived) =>
        error ? reject(error) : resolve(derived),
      ),
    );
    this.derived.set(name, key);
    return key;
  }
}

const boundTo = ({ issuerId, keyId }: KeyContext, head: Buffer): string =>
  `insigne:2:wrap:${head.toString('hex')}:${issuerId}:${keyId}`;
