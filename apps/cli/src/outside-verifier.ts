import { bundledContexts } from '#signing';

/** What the issuer's status list says of a badge; `unknown` when it could not be read or not be trusted. */
export type OutsideStatus = 'active' | 'revoked' | 'suspended' | 'unknown';

export interface OutsideVerdict {
  /** Proof, dates and form are right and the badge is neither revoked nor suspended. */
  accepted: boolean;
  status: OutsideStatus;
  /** Why not accepted, in the other programs' words. */
  reason?: string;
}

const largestAnswer = 1024 * 1024;
const patienceMs = 10_000;
const refusing: Record<string, OutsideStatus> = { revocation: 'revoked', suspension: 'suspended' };

/**
 * Checks badges with Digital Bazaar's programs, which are not ours: `@digitalbazaar/vc` proof, dates and form,
 * `@digitalbazaar/vc-bitstring-status-list` the status. DID documents and status lists are fetched from the running
 * service as a stranger would; contexts come from the closed store.
 */
export class OutsideVerifier {
  private readonly didDocuments = new Map<string, Promise<Record<string, unknown>>>();

  /** @param origin where the service answers, for example http://localhost:4180; nothing else is fetched */
  constructor(private readonly origin: string) {}

  async check(credential: object): Promise<OutsideVerdict> {
    const vc = await import('@digitalbazaar/vc');
    const { DataIntegrityProof } = await import('@digitalbazaar/data-integrity');
    const { cryptosuite } = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
    const lists = await import('@digitalbazaar/vc-bitstring-status-list');
    const suite = new DataIntegrityProof({ cryptosuite });
    const documentLoader = (url: string) => this.load(url);
    const list: { status: OutsideStatus; error?: Error } = { status: 'unknown' };
    const result = await vc.verifyCredential({
      credential,
      suite,
      documentLoader,
      // That package says `verified` once the list is read and its signature holds; the bits are ours to look at.
      checkStatus: async (given) => {
        const {
          verified,
          results = [],
          error,
        } = await lists.checkStatus({ ...given, suite, documentLoader });
        list.error = error;
        if (verified && results.length > 0) list.status = statusOf(results);
        return { verified: list.status === 'active' };
      },
    });
    const { status } = list;
    if (result.verified && status === 'active') return { accepted: true, status };
    const errors = [result.error, ...(result.error?.errors ?? []), list.error];
    const told = [...new Set(errors.flatMap((error) => error?.message ?? []))];
    return { accepted: false, status, reason: told.join('; ') || statusReasons[status] };
  }

  private async load(url: string): Promise<unknown> {
    if (url.startsWith('did:')) return this.loadKey(url);
    if (!url.startsWith(`${this.origin}/status/`)) return bundledContexts.loader(url);
    // Never kept: a badge may be revoked between two checks.
    return { contextUrl: null, documentUrl: url, document: await fetchJson(url) };
  }

  private async loadKey(url: string): Promise<unknown> {
    const [did, fragment] = url.split('#') as [string, string | undefined];
    const document = await this.didDocument(did);
    const methods = document.verificationMethod as { id: string }[];
    const method = fragment ? methods.find((m) => m.id === url) : document;
    if (!method) throw new Error(`${url} is not in its DID document`);
    const context = fragment ? { '@context': 'https://w3id.org/security/multikey/v1' } : {};
    return { contextUrl: null, documentUrl: url, document: { ...context, ...method } };
  }

  private didDocument(did: string): Promise<Record<string, unknown>> {
    let document = this.didDocuments.get(did);
    if (!document) {
      document = fetchJson(`${this.origin}/${did.split(':').slice(3).join('/')}/did.json`);
      this.didDocuments.set(did, document);
    }
    return document;
  }
}

const statusReasons: Record<OutsideStatus, string> = {
  active: 'refused without a word',
  revoked: 'revoked by its issuer',
  suspended: 'suspended by its issuer',
  unknown: 'names no status list',
};

function statusOf(
  results: { status: boolean; credentialStatus: { statusPurpose: string } }[],
): OutsideStatus {
  const set = results
    .filter(({ status }) => status)
    .map((one) => refusing[one.credentialStatus.statusPurpose]);
  return set.find((status) => status === 'revoked') ?? set.find((status) => status !== undefined) ?? 'active';
}

async function fetchJson(url: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  const text = await answer.text();
  if (text.length > largestAnswer) throw new Error(`${url} answers more than 1 MB`);
  return JSON.parse(text) as Record<string, unknown>;
}
