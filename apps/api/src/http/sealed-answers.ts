import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/**
 * Answers as they are kept: AES-256-GCM under a key that only api processes can make. An answer may hold a secret that is
 * told once, such as the link of an endorsement, and the database and its backups must not tell it again.
 */
export class SealedAnswers {
  private readonly key: Buffer;

  /** @param secret the one of the access tokens, the same in every api process */
  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'kept answers', 32));
  }

  /** @param place whose answer it is: it opens nowhere else @returns base64 */
  seal(text: string, place: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(place));
    return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    );
  }

  /** @returns undefined when the secret was another one, or somebody changed or moved what is kept */
  open(sealed: string, place: string): string | undefined {
    const box = Buffer.from(sealed, 'base64');
    if (box.length < nonceBytes + tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.key, box.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place)).setAuthTag(box.subarray(box.length - tagBytes));
    try {
      const text = decipher.update(box.subarray(nonceBytes, box.length - tagBytes));
      return Buffer.concat([text, decipher.final()]).toString();
    } catch {
      return undefined;
    }
  }
}
