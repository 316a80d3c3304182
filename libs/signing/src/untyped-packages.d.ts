declare module 'jsonld' {
  export interface Term {
    termType: 'NamedNode' | 'BlankNode' | 'Literal' | 'DefaultGraph';
    value: string;
    datatype?: Term;
    language?: string;
  }
  export interface Quad {
    subject: Term;
    predicate: Term;
    object: Term;
    graph: Term;
  }
  export interface RemoteDocument {
    contextUrl: null;
    documentUrl: string;
    document: object;
  }
  export interface ToRdfOptions {
    base: null;
    safe: boolean;
    rdfDirection: 'i18n-datatype';
    produceGeneralizedRdf: boolean;
    documentLoader: (url: string) => Promise<RemoteDocument>;
  }
  const jsonld: { toRDF(document: object, options: ToRdfOptions): Promise<Quad[]> };
  export default jsonld;
}

declare module 'rdf-canonize' {
  import type { Quad } from 'jsonld';
  export function canonize(
    dataset: Quad[],
    options: {
      algorithm: 'RDFC-1.0';
      format: 'application/n-quads';
      maxWorkFactor?: number;
      signal?: AbortSignal;
    },
  ): Promise<string>;
}

declare module 'base58-universal' {
  export function encode(bytes: Uint8Array): string;
  export function decode(text: string): Uint8Array;
}
