import { bundledContexts } from '#signing';

export interface OutsideVerdict {
  accepted: boolean;
  /** Why not, in the other program's words. */
  reason?: string;
}

/**
 * Checks badges with Digital Bazaar's verifier, a program that is not ours. DID documents are fetched from the
 * running service as a stranger would; contexts come from the closed store. The status entry is named but not read
 * by that program, which knows no Bitstring list without another of its packages: our own verifier reads it.
 */
export class OutsideVerifier {
  private readonly documents = new Map<string, Promise<Record<string, unknown>>>();

  /** @param origin where the service answers, for example http://localhost:4180 */
  constructor(private readonly origin: string) {}

  async check(credential: object): Promise<OutsideVerdict> {
    const [vc, { DataIntegrityProof }, { cryptosuite }] = await Promise.all([
      import('@digitalbazaar/vc'),
      import('@digitalbazaar/data-integrity'),
      import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite'),
    ]);
    const result = await vc.verifyCredential({
      credential,
      suite: new DataIntegrityProof({ cryptosuite }),
      documentLoader: (url) => this.load(url),
      checkStatus: async () => ({ verified: true }),
    });
    if (result.verified) return { accepted: true };
    const reasons = [result.error?.message, ...(result.error?.errors ?? []).map((e) => e.message)];
    return { accepted: false, reason: reasons.filter(Boolean).join('; ') };
  }

  private async load(url: string): Promise<unknown> {
    if (!url.startsWith('did:')) return bundledContexts.loader(url);
    const [did, fragment] = url.split('#') as [string, string | undefined];
    const document = await this.didDocument(did);
    const methods = document.verificationMethod as { id: string }[];
    const method = fragment ? methods.find((m) => m.id === url) : document;
    if (!method) throw new Error(`${url} is not in its DID document`);
    const context = fragment ? { '@context': 'https://w3id.org/security/multikey/v1' } : {};
    return { contextUrl: null, documentUrl: url, document: { ...context, ...method } };
  }

  private didDocument(did: string): Promise<Record<string, unknown>> {
    let document = this.documents.get(did);
    if (!document) {
      const path = did.split(':').slice(3).join('/');
      document = fetch(`${this.origin}/${path}/did.json`).then(async (answer) => {
        if (!answer.ok) throw new Error(`${did} answers ${answer.status}`);
        return (await answer.json()) as Record<string, unknown>;
      });
      this.documents.set(did, document);
    }
    return document;
  }
}
