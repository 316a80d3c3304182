import { type JsonObject, signVcJwt } from '#signing';
import { aJwt, claimsOf } from '../jwts.js';
import { anOlderBadge } from '../older-shape.js';
import { anEndorsement } from '../statements.js';
import { aBadge, anAchievement, aSubject, keys, origin, otherDid, rsaKid, signed } from '../world.js';
import { changed, type Family, type Handed, plain } from './family.js';

const bySouth = { privateKey: keys.otherEd, verificationMethod: `${otherDid}#ed-other` };
const unsigned = (given: JsonObject = {}): JsonObject =>
  plain(
    anEndorsement({
      issuer: { id: otherDid, type: ['Profile'], name: 'Structure du Sud' },
      credentialStatus: undefined,
      credentialSubject: { id: aBadge().id, type: ['EndorsementSubject'], endorsementComment: 'Sérieux.' },
      ...given,
    }),
  );
const endorsed = (one: () => Promise<unknown>) => async (): Promise<Handed> => ({
  input: await signed(aBadge({ endorsement: [plain(await one())] })),
});
const broken = 'endorsements failed endorsement_broken';
const about = (id: string): JsonObject => ({
  id,
  type: ['EndorsementSubject'],
  endorsementComment: 'Sérieux.',
});

/** The badge stands; the endorsement that it carries does not. */
export const endorsements: Family = {
  form: 'endorsement inside a badge',
  original: endorsed(() => signed(unsigned(), bySouth)),
  faults: [
    [
      'changed after signing',
      broken,
      endorsed(async () =>
        changed(await signed(unsigned(), bySouth), 'credentialSubject.endorsementComment', 'Excellent.'),
      ),
    ],
    ['not signed', broken, endorsed(async () => unsigned())],
    ['signed by the badge’s issuer in another’s name', broken, endorsed(() => signed(unsigned()))],
    [
      'of another badge',
      broken,
      endorsed(() => signed(unsigned({ credentialSubject: about('urn:uuid:other') }), bySouth)),
    ],
    [
      'of no kind',
      broken,
      endorsed(() =>
        signed(
          unsigned({
            type: ['VerifiableCredential', 'EndorsementCredential'],
            validFrom: '2027-11-20T09:30:00Z',
          }),
          bySouth,
        ),
      ),
    ],
    [
      'over',
      'endorsements failed endorsement_not_standing',
      endorsed(() => signed(unsigned({ validUntil: '2026-11-21T00:00:00Z' }), bySouth)),
    ],
    [
      'whose key is away',
      'endorsements unknown endorsement_cannot_check',
      async () => ({
        ...(await endorsed(() => signed(unsigned(), bySouth))()),
        web: { [`${origin}/issuers/south/did.json`]: undefined },
      }),
    ],
    [
      'on the achievement, about the badge',
      broken,
      async () => ({
        input: await signed(
          aBadge({
            credentialSubject: aSubject({
              achievement: anAchievement({ endorsement: [await signed(unsigned(), bySouth)] }),
            }),
          }),
        ),
      }),
    ],
    [
      'as JWT of another key',
      broken,
      () => ({
        input: aJwt(
          claimsOf(
            aBadge({
              endorsementJwt: [
                signVcJwt({
                  credential: unsigned({ issuer: aBadge().issuer as JsonObject }),
                  privateKey: keys.otherRsa,
                  kid: rsaKid,
                }),
              ],
            }),
          ),
        ),
      }),
    ],
  ],
};

const older = (given: JsonObject = {}): JsonObject => plain(anOlderBadge(given));

export const olderShape: Family = {
  form: 'JSON-LD of the older shape (VC 1.1)',
  original: async () => ({ input: await signed(older()) }),
  faults: [
    [
      'changed after signing',
      'proof failed signature_wrong',
      async () => ({ input: changed(await signed(older()), 'name', 'Autre') }),
    ],
    [
      'its date changed after signing',
      'proof failed signature_wrong',
      async () => ({ input: changed(await signed(older()), 'issuanceDate', '2026-11-19T09:30:00Z') }),
    ],
    [
      'no date',
      'schema failed schema_broken',
      async () => ({ input: await signed(older({ issuanceDate: undefined })) }),
    ],
    [
      'an end that is over',
      'dates failed expired',
      async () => ({ input: await signed(older({ expirationDate: '2026-11-21T00:00:00Z' })) }),
    ],
    [
      'a beginning in a year',
      'dates failed not_yet_valid',
      async () => ({ input: await signed(older({ issuanceDate: '2027-11-21T00:00:00Z' })) }),
    ],
    [
      'both shapes at once',
      'schema failed schema_broken',
      async () => ({ input: { ...(await signed(older())), validFrom: '2026-11-20T09:30:00Z' } }),
    ],
    [
      'the newer context with the older dates',
      'context failed jsonld_unsafe',
      async () => ({ input: { ...(await signed()), issuanceDate: '2026-11-20T09:30:00Z' } }),
    ],
  ],
};

const service = `${origin}/refresh/a`;
const refreshable = (given: JsonObject = {}) =>
  signed(aBadge({ refreshService: { id: service, type: '1EdTechCredentialRefresh' }, ...given }));
const newer = (given: JsonObject = {}) => refreshable({ validFrom: '2026-11-21T09:30:00Z', ...given });
const refreshed = (page: () => Promise<unknown>) => async (): Promise<Handed> => ({
  input: await refreshable(),
  web: { [service]: await page() },
});

export const refreshing: Family = {
  form: 'newer badge from a refresh service',
  original: refreshed(newer),
  faults: [
    [
      'changed after signing',
      'refresh failed refresh_refused',
      refreshed(async () => changed(await newer(), 'name', 'Autre')),
    ],
    [
      'another badge',
      'refresh failed refresh_refused',
      refreshed(() => newer({ id: 'urn:uuid:22222222-2222-4222-8222-222222222222' })),
    ],
    [
      'of another issuer',
      'refresh failed refresh_refused',
      refreshed(() => signed(aBadge({ issuer: { id: otherDid, type: ['Profile'] } }), bySouth)),
    ],
    ['away', 'refresh unknown refresh_unreachable', refreshed(async () => undefined)],
    ['no badge', 'refresh failed refresh_refused', refreshed(async () => '<p>Hello</p>')],
    ['over', 'dates failed expired', refreshed(() => newer({ validUntil: '2026-11-21T10:00:00Z' }))],
  ],
};
