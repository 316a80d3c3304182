import { DomainError } from '#platform/basics';

/** A document names a JSON-LD context that is not bundled (`context_unknown`). Nothing is ever fetched. */
export class ContextUnknown extends DomainError {
  readonly code = 'context_unknown';
  constructor(readonly url: string) {
    super(`The JSON-LD context ${url} is not among the bundled ones`, { details: { url } });
  }
}

/** A document writes a context inside itself, which could redefine what it says (`context_inline`). */
export class ContextInline extends DomainError {
  readonly code = 'context_inline';
  constructor(path: string) {
    super(`${path} holds a context that is not the address of a bundled one`, { details: { path } });
  }
}

/** JSON-LD safe mode refuses the document: some of it would not be signed (`jsonld_unsafe`). */
export class DocumentUnsafe extends DomainError {
  readonly code = 'jsonld_unsafe';
  constructor(
    readonly reason: string,
    options?: { cause?: unknown },
  ) {
    super(`The document cannot be secured as it stands: ${reason}`, { ...options, details: { reason } });
  }
}

/** A proof cannot be checked at all, whatever the key; `reason` says why (`proof_unfit`). */
export class ProofUnfit extends DomainError {
  readonly code = 'proof_unfit';
  constructor(
    /** `base_proof`: only its holder should have it. `not_canonical`: its document has no canonical form. */
    readonly reason: 'base_proof' | 'not_canonical' | 'unknown',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** A key, multibase value or JWK does not have the form it should (`key_malformed`). */
export class KeyMalformed extends DomainError {
  readonly code = 'key_malformed';
}

/** A status list is not what Bitstring Status List 1.0 asks for; `code` is the specification's error in lower case. */
export class StatusListInvalid extends DomainError {
  constructor(
    readonly code: 'malformed_value_error' | 'status_list_length_error' | 'range_error',
    message: string,
  ) {
    super(message);
  }
}

/** What a secret is for: it opens the signing keys, or signs access tokens. */
export type Secret = 'master_key' | 'token_secret';

/** A secret cannot be used; `code` says which and why, and the text what to do, in French and English. */
export class SecretRefused extends DomainError {
  constructor(
    readonly code:
      | `${Secret}_${'missing' | 'readable_by_others' | 'wrong_length' | 'weak' | 'published'}`
      | 'master_key_exists'
      | 'metrics_token_missing',
    readonly text: { fr: string; en: string },
    options?: { cause?: unknown },
  ) {
    super(`${text.fr} / ${text.en}`, options);
  }
}

/** The setting that names the key service is not understood (`key_service_unknown`); the text says what to write. */
export class KeyServiceUnknown extends DomainError {
  readonly code = 'key_service_unknown';
  readonly text: { fr: string; en: string };
  constructor(fr: string, en: string) {
    super(`${fr} / ${en}`);
    this.text = { fr, en };
  }
}

/** The key service does not answer, or not as it should (`key_service_unavailable`): a later try may succeed. */
export class KeyServiceUnavailable extends DomainError {
  readonly code: 'key_service_unavailable' | 'key_service_pin_refused' | 'key_service_credentials_refused' =
    'key_service_unavailable';
  override readonly isPassing = true;
  readonly text: { fr: string; en: string };
  /** @param options.remedy what to do about it, as half a sentence */
  constructor(
    readonly service: string,
    readonly reason: string,
    { remedy, ...options }: { cause?: unknown; remedy?: { fr: string; en: string } } = {},
  ) {
    super(`The key service ${service} cannot be used: ${reason}`, {
      ...options,
      details: { service, reason },
    });
    const { fr, en } = remedy ?? {
      fr: 'vérifiez qu’il répond et que ses réglages sont les bons',
      en: 'check that it answers and that its settings are right',
    };
    this.text = {
      fr: `Le service de clés ${service} ne peut pas servir (${reason}) : ${fr}. Rien n’a été signé ni changé.`,
      en: `The key service ${service} cannot be used (${reason}): ${en}. Nothing was signed or changed.`,
    };
  }
}

/**
 * A token refused its PIN (`key_service_pin_refused`): it is not offered again until the program is started anew with
 * the right one. Passing, since what waits then goes on without anybody's touching it.
 */
export class KeyServicePinRefused extends KeyServiceUnavailable {
  override readonly code = 'key_service_pin_refused';
}

/**
 * The key service answers, and refuses the credentials: wrong, expired, without the rights it takes
 * (`key_service_credentials_refused`). Somebody has to give others; passing, since what waits then goes on.
 */
export class KeyServiceCredentialsRefused extends KeyServiceUnavailable {
  override readonly code = 'key_service_credentials_refused';
}

/** A sealed private key does not open: other key service, other key or issuer, changed bytes (`sealed_key_unreadable`). */
export class SealedKeyUnreadable extends DomainError {
  readonly code = 'sealed_key_unreadable';
  readonly text: { fr: string; en: string };
  constructor(
    readonly keyId: string,
    /** Id of the key service that wrapped it; null for a row of the first format. */
    keyService: string | null,
    options?: { cause?: unknown },
  ) {
    super(
      `The private key ${keyId} cannot be opened with the key service that is set; it was wrapped by ` +
        `${keyService ?? 'a master key file'}. Set that one in INSIGNE_KEY_SERVICE or INSIGNE_MASTER_KEY_FILE`,
      { ...options, details: { keyId, keyService } },
    );
    this.text = {
      fr:
        `La clé privée ${keyId} ne s’ouvre pas avec le service de clés qui est réglé ; elle a été confiée à ` +
        `${keyService ?? 'un fichier de clé maîtresse'}. Indiquez celui-là dans INSIGNE_KEY_SERVICE ou INSIGNE_MASTER_KEY_FILE.`,
      en: `${this.message}.`,
    };
  }
}

/** No signing key with this id, or it may no longer sign (`signing_key_unavailable`). */
export class SigningKeyUnavailable extends DomainError {
  readonly code = 'signing_key_unavailable';
  readonly text: { fr: string; en: string };
  constructor(
    readonly keyId: string,
    reason: string,
  ) {
    super(`Signing key ${keyId} cannot be used: ${reason}`, { details: { keyId, reason } });
    this.text =
      reason === 'unknown'
        ? {
            fr: `Cette structure n’a pas de clé « ${keyId} ». Ses clés : insigne keys list`,
            en: `This organisation has no key "${keyId}". Its keys: insigne keys list`,
          }
        : {
            fr: `La clé ${keyId} ne peut pas servir (${reason}). L’état des clés : insigne keys list`,
            en: `The key ${keyId} cannot be used (${reason}). The state of keys: insigne keys list`,
          };
  }
}

/** A key was asked to sign for an issuer that is not its own (`signing_key_of_another_issuer`). */
export class SigningKeyOfAnotherIssuer extends DomainError {
  readonly code = 'signing_key_of_another_issuer';
  constructor(readonly keyId: string) {
    super(`Signing key ${keyId} belongs to another issuer`, { details: { keyId } });
  }
}

/** A credential cannot be written as a VC-JWT (`jwt_unfit`), for example because its subject has no id. */
export class JwtUnfit extends DomainError {
  readonly code = 'jwt_unfit';
}
