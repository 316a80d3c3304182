import type { JsonObject } from '#signing';
import { aBadge, anAchievement, aSubject } from './world.js';

/** An unsigned badge in the older shape, VC 1.1: without status and schema. */
export function anOlderBadge(given: JsonObject = {}): JsonObject {
  const {
    validFrom: _from,
    credentialStatus: _status,
    credentialSchema: _schema,
    awardedDate: _awarded,
    ...rest
  } = aBadge();
  // Context 3.0.1 and 3.0.2 have no inLanguage.
  const { inLanguage: _language, ...achievement } = anAchievement();
  return {
    ...rest,
    '@context': [
      'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
      'https://w3id.org/security/data-integrity/v2',
    ],
    issuanceDate: '2026-11-20T09:30:00Z',
    credentialSubject: aSubject({ achievement }),
    ...given,
  };
}
