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
  const jsonld: {
    expand(document: object, options: ToRdfOptions): Promise<object[]>;
    toRDF(document: object, options: ToRdfOptions & { skipExpansion?: boolean }): Promise<Quad[]>;
  };
  export default jsonld;
}

declare module 'jsonld/lib/context.js' {
  import type { RemoteDocument } from 'jsonld';
  /** A context as documents write it. */
  export type LocalContext = string | object | null | (string | object | null)[];
  export interface TermDefinition {
    '@id': string | null;
    '@type'?: string;
    '@container'?: string[];
    '@context'?: LocalContext;
    '@language'?: string | null;
    '@direction'?: string | null;
    reverse?: boolean;
    _prefix?: boolean;
  }
  export interface ActiveContext {
    mappings: Map<string, TermDefinition | null>;
    previousContext?: ActiveContext;
    protected: object;
    inverse: null;
    getInverse: unknown;
    clone(): ActiveContext;
    revertToPreviousContext: unknown;
    '@base'?: string | null;
    '@language'?: string | null;
    '@direction'?: string | null;
    '@vocab'?: string | null;
  }
  const library: {
    getInitialContext(options: object): ActiveContext;
    process(request: {
      activeCtx: ActiveContext;
      localCtx: LocalContext;
      propagate: boolean;
      overrideProtected: boolean;
      options: {
        base: null;
        documentLoader: (url: string) => Promise<RemoteDocument>;
        contextResolver: object;
        eventHandler: unknown[];
      };
    }): Promise<ActiveContext>;
  };
  export default library;
}

declare module 'jsonld/lib/ContextResolver.js' {
  const ContextResolver: new (options: { sharedCache: Map<string, unknown> }) => object;
  export default ContextResolver;
}

declare module 'jsonld/lib/events.js' {
  const events: { safeEventHandler: unknown };
  export default events;
}

declare module 'rdf-canonize' {
  import type { Quad } from 'jsonld';
  export function canonize(
    dataset: Quad[] | string,
    options: {
      algorithm: 'RDFC-1.0';
      /** Of a text; a dataset has none. */
      inputFormat?: 'application/n-quads';
      format: 'application/n-quads';
      maxWorkFactor?: number;
      messageDigestAlgorithm?: 'sha256' | 'sha384';
      signal?: AbortSignal;
    },
  ): Promise<string>;
}

declare module 'base58-universal' {
  export function encode(bytes: Uint8Array): string;
  export function decode(text: string): Uint8Array;
}

declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  import type { RemoteDocument } from 'jsonld';
  export interface VerifyCryptosuite {
    createVerifyData(request: {
      cryptosuite: VerifyCryptosuite;
      document: object;
      proof: object;
      documentLoader: (url: string) => Promise<RemoteDocument>;
    }): Promise<import('./selective-disclosure.js').DisclosureData>;
  }
  export function createVerifyCryptosuite(): VerifyCryptosuite;
}
