import { createHash, timingSafeEqual } from 'node:crypto';
import { decode as base58 } from 'base58-universal';
import { bundledContexts, type JsonObject } from '#signing';
import { type Fetcher, FetchFailed, fetchText } from './fetcher.js';
import { type Answer, failed, passed, unknown } from './report.js';

/** More than a credential can mean, fewer than would make us a tool for sending requests. */
const mostResources = 10;

const byMultihash: Record<string, string> = { '1220': 'sha256', '2030': 'sha384' };

type Match = boolean | undefined;

// Subresource Integrity: several digests may stand there; only those of the strongest algorithm count.
function fitsSri(bytes: Buffer, integrity: string): Match {
  const digests = [
    ...integrity.matchAll(/(?<=^|\s)(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?=$|[\s?])/g),
  ];
  const strongest = digests
    .map(([, name]) => name!)
    .sort()
    .at(-1);
  if (!strongest) return undefined;
  const wanted = createHash(strongest).update(bytes).digest();
  return digests.some(([, name, value]) => name === strongest && same(Buffer.from(value!, 'base64'), wanted));
}

function fitsMultibase(bytes: Buffer, text: string): Match {
  const raw = text.startsWith('z')
    ? Buffer.from(base58(text.slice(1)) ?? [])
    : text.startsWith('u')
      ? Buffer.from(text.slice(1), 'base64url')
      : undefined;
  const algorithm = raw && byMultihash[raw.subarray(0, 2).toString('hex')];
  return algorithm ? same(raw.subarray(2), createHash(algorithm).update(bytes).digest()) : undefined;
}

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

function matches(bytes: Buffer, { digestSRI, digestMultibase }: JsonObject): Match {
  const answers = [
    ...(typeof digestSRI === 'string' ? [fitsSri(bytes, digestSRI)] : []),
    ...(typeof digestMultibase === 'string' ? [safely(() => fitsMultibase(bytes, digestMultibase))] : []),
  ];
  if (answers.includes(false)) return false;
  return answers.includes(undefined) || answers.length === 0 ? undefined : true;
}

function safely(read: () => Match): Match {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * Are the related resources what the credential says they are (VC Data Model 2.0, 5.3, Integrity of Related Resources)?
 * Contexts of our closed store are compared with the bundled bytes; anything else is fetched, guarded. A digest of a
 * kind we do not know, or an address that does not answer, is 'unknown'.
 */
export async function checkRelatedResources(credential: JsonObject, fetcher: Fetcher): Promise<Answer> {
  const resources = [credential.relatedResource ?? []].flat() as (JsonObject | null)[];
  if (resources.length === 0) return passed('resources_none');
  if (resources.length > mostResources) return unknown('resources_too_many', String(resources.length));
  for (const resource of resources) {
    // What is no object is a fault of the form; here it only must not be an error.
    if (resource === null || typeof resource.id !== 'string') return unknown('digest_unknown', 'id');
    const { id } = resource;
    let bytes: Buffer;
    try {
      bytes = bundledContexts.has(id)
        ? bundledContexts.bytes(id)
        : Buffer.from(await fetchText(fetcher, id, '*/*'));
    } catch (error) {
      if (error instanceof FetchFailed) return unknown('resource_unreachable', error.message);
      throw error;
    }
    // What is no text was not read byte by byte.
    const match = bytes.includes('\uFFFD') ? undefined : matches(bytes, resource);
    if (match === undefined) return unknown('digest_unknown', id);
    if (!match) return failed('resource_changed', id);
  }
  return passed('resources_unchanged');
}
