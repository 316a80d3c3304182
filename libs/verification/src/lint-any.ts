import { DomainError } from '#platform';
import { didWebUrl, isPreparedOf, type JsonObject, type PreparedDocument, prepare } from '#signing';
import { dataModelFaults } from './data-model.js';
import { timeOf } from './dates.js';
import { fault, type LintFault, type LintResult, sizeFaults, textFaults } from './lint.js';
import { type LintCode, lintMessages } from './lint-messages.js';
import { rehearse } from './rehearse.js';
import { issuerOf } from './report.js';

/** Names of badges and what stands around them, and of status lists: by type, or by the words of 1EdTech. */
const refused =
  /(^|#|\/)((OpenBadge|Achievement|Endorsement|Clr)(Credential|Subject)|(Bitstring)?StatusList(2021)?(Credential)?)$|imsglobal\.org|openbadges/;

/** Claims of a JWT (RFC 7519) that the contexts define as words too: enveloped, they would be said of the token. */
const claims = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'cnf', 'nonce', 'vc', 'vp'];

/** As many as are looked at in a credential, and one of ours. */
const mostStatuses = 3;

/**
 * What keeps an unsigned credential from being issued as one that is no badge: size, characters, the data model of VC
 * 2.0 (section 4), the order of its dates, a proof that is there already, and that it is no badge in other words; at
 * last that each of its words has a meaning (JSON-LD safe mode, closed contexts).
 * @param document with or without `issuer`, which is not asked here
 * @returns no fault when it may be planned, with its canonical hash
 */
export async function anyCredentialFaults(
  document: JsonObject,
  known?: PreparedDocument,
): Promise<{ faults: LintFault[]; prepared?: PreparedDocument }> {
  const outsize = sizeFaults(document);
  if (outsize.length > 0) return { faults: outsize };
  const faults = [
    ...textFaults(document),
    ...(document.proof === undefined ? [] : [fault('proof_present', '/proof')]),
    ...badgeFaults(document),
    ...dataModelFaults(document, 'credential').map(({ path, message }) =>
      fault('data_model_broken', path, message),
    ),
    ...dateFaults(document),
  ];
  try {
    const own = known && isPreparedOf(known, document) ? known : undefined;
    return { faults, prepared: own ?? (await prepare(document)) };
  } catch (error) {
    if (!(error instanceof DomainError) || !(error.code in lintMessages)) throw error;
    return { faults: [...faults, fault(error.code as LintCode, '', error.message)] };
  }
}

/**
 * Everything that must hold before the real key may touch a credential that is no badge: as `anyCredentialFaults`, and
 * its issuer and status entry are those of this service; at last it is signed with throw-away keys and verified.
 */
export async function lintAnyCredential(document: JsonObject, known?: PreparedDocument): Promise<LintResult> {
  const { faults, prepared } = await anyCredentialFaults(document, known);
  const issuer = issuerOf(document)?.id;
  if (issuer === undefined || didWebUrl(issuer) === undefined)
    faults.push(fault('issuer_not_did', '/issuer'));
  faults.push(...statusFaults(document));
  if (faults.length > 0 || !prepared) return { faults };
  const wrong = await rehearse(prepared, { plannedAt: new Date() });
  return wrong === undefined ? { faults, prepared } : { faults: [fault('rehearsal_failed', '', wrong)] };
}

/** Every type in it, and every context: a badge is refused under whatever name. */
function badgeFaults(document: JsonObject): LintFault[] {
  const faults: LintFault[] = [];
  const look = (value: unknown, path: string, isName: boolean): void => {
    if (typeof value === 'string' && isName && refused.test(value)) faults.push(fault('badge_refused', path));
    if (value === null || typeof value !== 'object') return;
    for (const [name, inner] of Object.entries(value)) {
      if (/imsglobal\.org/.test(name)) faults.push(fault('badge_refused', path));
      look(
        inner,
        `${path}/${name}`,
        Array.isArray(value) ? isName : name === 'type' || name === '@type' || name === '@context',
      );
    }
  };
  look(document, '', false);
  for (const name of claims.filter((claim) => Object.hasOwn(document, claim)))
    faults.push(fault('claim_as_member', `/${name}`));
  return faults;
}

function dateFaults({ validFrom, validUntil }: JsonObject): LintFault[] {
  const [from, until] = [timeOf(validFrom), timeOf(validUntil)];
  return from !== undefined && until !== undefined && until < from
    ? [fault('date_order', '/validUntil')]
    : [];
}

function statusFaults({ credentialStatus }: JsonObject): LintFault[] {
  const entries = [credentialStatus ?? []].flat() as JsonObject[];
  if (entries.length > mostStatuses + 1) return [fault('status_too_many', '/credentialStatus')];
  const own = entries.at(-1);
  if (!own) return [fault('status_missing', '/credentialStatus')];
  const isSound = own.type === 'BitstringStatusListEntry' && own.statusPurpose === 'revocation';
  return isSound ? [] : [fault('status_malformed', '/credentialStatus')];
}
