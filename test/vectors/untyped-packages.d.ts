declare module '@digitalbazaar/ecdsa-multikey' {
  export interface KeyPair {
    id: string;
    publicKeyMultibase: string;
    signer(): object;
  }
  export function generate(options: { curve: 'P-256' | 'P-384' }): Promise<KeyPair>;
}

declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: object;
}

declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  export function createSignCryptosuite(): object;
}

declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createSignCryptosuite(options: { mandatoryPointers: string[] }): object;
  export function createDiscloseCryptosuite(options: { selectivePointers: string[] }): object;
}

declare module '@digitalbazaar/vc' {
  export function signPresentation(options: {
    presentation: object;
    suite: object;
    challenge: string;
    domain?: string;
    documentLoader: (url: string) => Promise<unknown>;
  }): Promise<object>;
  export function derive(options: {
    verifiableCredential: object;
    suite: object;
    documentLoader: (url: string) => Promise<unknown>;
  }): Promise<object>;
}

declare module '@digitalbazaar/ed25519-verification-key-2020' {
  export class Ed25519VerificationKey2020 {
    static generate(): Promise<Ed25519VerificationKey2020>;
    id: string;
    controller: string;
    publicKeyMultibase: string;
  }
}

declare module '@digitalbazaar/ed25519-signature-2020' {
  export class Ed25519Signature2020 {
    constructor(options: ({ key: object } | { signer: object }) & { date?: string });
  }
}
