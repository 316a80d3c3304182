import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { boxOverhead, decryptBox, encryptBox } from './box.js';
import { KeyServiceUnavailable, SealedKeyUnreadable } from './errors.js';
import type { KeyContext, KeyService } from './key-service.js';

const dataKeyBytes = 32;
const oldFormat = 1;
const format = 2;

/** A private key as the database holds it. */
export interface SealedKey {
  /** 1 byte format, then nonce ‖ PKCS#8 ‖ tag. In the first format, 60 bytes of wrapped data key lie in between. */
  sealed: Buffer;
  /** The data key as the key service wrapped it; null in the first format. */
  wrappedDataKey: Buffer | null;
  /** Id of the service that wrapped it; null in the first format. */
  keyService: string | null;
}

/**
 * Seals a private key: PKCS#8 under AES-256-GCM with a data key of its own, which the key service wraps. Key id and
 * issuer are associated data of both, so a sealed key can be moved neither to another row nor to another issuer.
 * @throws KeyServiceUnavailable (`key_service_unavailable`)
 */
export async function sealPrivateKey(
  privateKey: KeyObject,
  context: KeyContext,
  service: KeyService,
): Promise<SealedKey> {
  const dataKey = randomBytes(dataKeyBytes);
  const plain = privateKey.export({ format: 'der', type: 'pkcs8' });
  try {
    return {
      sealed: Buffer.concat([Buffer.of(format), encryptBox(dataKey, plain, boundTo(context))]),
      wrappedDataKey: await service.wrap(dataKey, context),
      keyService: service.describe().id,
    };
  } finally {
    dataKey.fill(0);
    plain.fill(0);
  }
}

/**
 * Opens what `sealPrivateKey` made, or a row of the first format.
 * @param services the first that describes itself as the row's service is asked
 * @throws SealedKeyUnreadable (`sealed_key_unreadable`), KeyServiceUnavailable (`key_service_unavailable`)
 */
export async function openPrivateKey(
  key: SealedKey,
  context: KeyContext,
  services: KeyService[],
): Promise<KeyObject> {
  const plain =
    key.sealed[0] === oldFormat
      ? openOldFormat(key.sealed, context, services)
      : await openFormat(key, context, services);
  try {
    return createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new SealedKeyUnreadable(context.keyId, key.keyService, { cause });
  } finally {
    plain.fill(0);
  }
}

/**
 * The same private key, its data key wrapped by another service. The private key is not opened, but for a row of the
 * first format, which is brought to the present one.
 * @throws as `openPrivateKey`
 */
export async function rewrapPrivateKey(
  key: SealedKey,
  context: KeyContext,
  services: KeyService[],
  target: KeyService,
): Promise<SealedKey> {
  if (key.sealed[0] === oldFormat)
    return await sealPrivateKey(await openPrivateKey(key, context, services), context, target);
  const dataKey = await unwrap(key, context, services);
  try {
    return {
      sealed: key.sealed,
      wrappedDataKey: await target.wrap(dataKey, context),
      keyService: target.describe().id,
    };
  } finally {
    dataKey.fill(0);
  }
}

async function openFormat(key: SealedKey, context: KeyContext, services: KeyService[]): Promise<Buffer> {
  if (key.sealed[0] !== format || key.sealed.length <= 1 + boxOverhead)
    throw new SealedKeyUnreadable(context.keyId, key.keyService);
  const dataKey = await unwrap(key, context, services);
  try {
    return decryptBox(dataKey, key.sealed.subarray(1), boundTo(context));
  } catch (cause) {
    throw new SealedKeyUnreadable(context.keyId, key.keyService, { cause });
  } finally {
    dataKey.fill(0);
  }
}

async function unwrap(key: SealedKey, context: KeyContext, services: KeyService[]): Promise<Buffer> {
  let cause: unknown;
  for (const service of services.filter((one) => one.describe().id === key.keyService)) {
    try {
      const dataKey = await service.unwrap(key.wrappedDataKey ?? Buffer.alloc(0), context);
      if (dataKey.length === dataKeyBytes) return dataKey;
    } catch (error) {
      if (error instanceof KeyServiceUnavailable) throw error;
      cause = error;
    }
  }
  throw new SealedKeyUnreadable(context.keyId, key.keyService, { cause });
}

// 1 byte format, 60 bytes data key under the master key, then nonce ‖ text ‖ tag; bound to the key's id alone.
function openOldFormat(sealed: Buffer, { keyId }: KeyContext, services: KeyService[]): Buffer {
  const wrappedBytes = dataKeyBytes + boxOverhead;
  let cause: unknown;
  if (sealed.length > 1 + wrappedBytes + boxOverhead)
    for (const service of services) {
      const master = service.oldFormatKey();
      if (!master) continue;
      try {
        const wrapped = sealed.subarray(1, 1 + wrappedBytes);
        const dataKey = decryptBox(master.export(), wrapped, `insigne:1:wrap:${keyId}`);
        return decryptBox(dataKey, sealed.subarray(1 + wrappedBytes), `insigne:1:key:${keyId}`);
      } catch (error) {
        cause = error;
      }
    }
  throw new SealedKeyUnreadable(keyId, null, { cause });
}

const boundTo = ({ issuerId, keyId }: KeyContext): string => `insigne:${format}:key:${issuerId}:${keyId}`;
