import type { Check, MessageCode, PresentationCheck } from '#verification';

/** RFC 9457, as the VC-API lists what is wrong with a credential or presentation. */
export interface ProblemDetails {
  /** One of the addresses that the W3C's recommendations name, or of this service's description. */
  type: string;
  /** The last part of `type`. */
  title: string;
  status: 400;
  /** Stable snake_case reason, the same as in `checks`. */
  code: MessageCode;
  detail: string;
}

const dataModel = 'https://www.w3.org/TR/vc-data-model#';
const statusList = 'https://www.w3.org/ns/credentials/status-list#';
const security = 'https://w3id.org/security#';

/** Kinds of problem by code (VC Data Model 2.0, 7.3; Bitstring Status List 1.0, 3.5; Data Integrity 1.0, 4.7). */
const byCode: Partial<Record<MessageCode, string>> = {
  not_yet_valid: `${dataModel}RANGE_ERROR`,
  expired: `${dataModel}RANGE_ERROR`,
  inside_expired: `${dataModel}RANGE_ERROR`,
  range_error: `${dataModel}RANGE_ERROR`,
  malformed_value_error: `${dataModel}MALFORMED_VALUE_ERROR`,
  status_entry_malformed: `${dataModel}MALFORMED_VALUE_ERROR`,
  issuer_missing: `${dataModel}MALFORMED_VALUE_ERROR`,
  proof_malformed: `${dataModel}MALFORMED_VALUE_ERROR`,
  status_retrieval_error: `${statusList}STATUS_RETRIEVAL_ERROR`,
  status_list_length_error: `${statusList}STATUS_LIST_LENGTH_ERROR`,
  status_verification_error: `${statusList}STATUS_VERIFICATION_ERROR`,
  status_list_stale: `${statusList}STATUS_VERIFICATION_ERROR`,
  challenge_differs: `${security}INVALID_CHALLENGE_ERROR`,
  domain_differs: `${security}INVALID_DOMAIN_ERROR`,
};

/** No recommendation has a word for a withdrawn credential. */
const own: MessageCode[] = ['inside_withdrawn'];

type Name = Check['name'] | PresentationCheck['name'];

const byName: Partial<Record<Name, string>> = {
  parse: `${dataModel}PARSING_ERROR`,
  context: `${dataModel}MALFORMED_VALUE_ERROR`,
  schema: `${dataModel}MALFORMED_VALUE_ERROR`,
  links: `${dataModel}MALFORMED_VALUE_ERROR`,
  dates: `${dataModel}MALFORMED_VALUE_ERROR`,
  issuer: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  holder: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  proof: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  resources: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  badges: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
};

/** What is wrong, one for each check that did not pass: failed and could not be checked alike (I8). */
export const problemsOf = (checks: (Check | PresentationCheck)[], origin: string): ProblemDetails[] =>
  checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, code, detail, remark }) => {
      const known = byCode[code] ?? (own.includes(code) ? undefined : byName[name]);
      const type = known ?? `${origin}/api/docs#${code.toUpperCase()}`;
      return {
        type,
        title: type.slice(type.indexOf('#') + 1),
        status: 400,
        code,
        detail: remark ? `${detail.en} (${remark})` : String(detail.en),
      };
    });
