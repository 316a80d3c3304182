import {
  type JsonObject,
  openBadgesContext,
  openBadgesExtensions,
  recordContext,
  statusEntry,
  vcContext,
} from '#signing';
import { aBadge, issuerDid, listUrl, origin } from './world.js';

const schema = (id: string) => [{ id, type: '1EdTechJsonSchemaValidator2019' }];

/** An unsigned endorsement of a badge class, of the shape Insigne issues. */
export const anEndorsement = (given: JsonObject = {}): JsonObject => ({
  '@context': [vcContext, openBadgesContext, openBadgesExtensions],
  id: `${origin}/endorsements/0000000000000000000000000e`,
  type: ['VerifiableCredential', 'EndorsementCredential'],
  name: 'Recommandation / Endorsement',
  issuer: { id: issuerDid, type: ['Profile'], name: 'Structure du Nord', url: origin },
  validFrom: '2026-11-20T09:30:00Z',
  credentialSubject: {
    id: `${origin}/achievements/mail`,
    type: ['EndorsementSubject'],
    endorsementComment: 'Ce badge correspond à ce que nous attendons à l’accueil.',
  },
  credentialSchema: schema(
    'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json',
  ),
  credentialStatus: statusEntry({ list: listUrl, index: 12 }),
  ...given,
});

/** An unsigned record of two badges, of the shape Insigne issues. */
export const aRecord = (given: JsonObject = {}): JsonObject => ({
  '@context': [vcContext, recordContext, openBadgesContext, openBadgesExtensions],
  id: `${origin}/records/0000000000000000000000000f`,
  type: ['VerifiableCredential', 'ClrCredential'],
  name: 'Mes badges / My badges',
  issuer: { id: issuerDid, type: ['Profile'], name: 'Structure du Nord', url: origin },
  validFrom: '2026-11-20T09:30:00Z',
  credentialSubject: {
    id: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f02',
    type: ['ClrSubject'],
    verifiableCredential: [aBadge(), aBadge({ id: `${origin}/b/0000000000000000000000000b` })],
  },
  credentialSchema: schema(
    'https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json',
  ),
  credentialStatus: statusEntry({ list: listUrl, index: 13 }),
  ...given,
});
