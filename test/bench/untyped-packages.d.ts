declare module '@digitalbazaar/ed25519-multikey' {
  export interface KeyPair {
    id: string;
    publicKeyMultibase: string;
    signer(): object;
  }
  export function generate(options: { controller: string }): Promise<KeyPair>;
}
