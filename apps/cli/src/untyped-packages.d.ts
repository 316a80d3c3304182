declare module '@digitalbazaar/vc' {
  export interface Verified {
    verified: boolean;
    error?: Error & { errors?: Error[] };
  }
  export function verifyCredential(options: {
    credential: object;
    suite: object;
    documentLoader: (url: string) => Promise<unknown>;
    checkStatus?: (given: { credential: object }) => Promise<{ verified: boolean }>;
    now?: Date;
  }): Promise<Verified>;
  export function issue(options: {
    credential: object;
    suite: object;
    documentLoader: (url: string) => Promise<unknown>;
  }): Promise<object>;
}

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: object; signer?: object; date?: string });
  }
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object;
}

declare module '@digitalbazaar/vc-bitstring-status-list' {
  /** `verified`: every list was read and its signature holds, whatever its bits say. */
  export function checkStatus(options: {
    credential: object;
    suite: object;
    documentLoader: (url: string) => Promise<unknown>;
  }): Promise<{
    verified: boolean;
    error?: Error;
    results?: { status: boolean; credentialStatus: { statusPurpose: string } }[];
  }>;
}
