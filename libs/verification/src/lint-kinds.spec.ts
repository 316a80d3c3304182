import type { JsonObject } from '#signing';
import { anEndorsement, aRecord } from '../../../test/vectors/statements.js';
import { aBadge } from '../../../test/vectors/world.js';
import { lintCredential } from './lint.js';

const codes = async (document: JsonObject): Promise<string[]> => [
  ...new Set((await lintCredential(document)).faults.map(({ code }) => code)),
];

const withoutStatus = ({ credentialStatus: _gone, ...rest }: JsonObject): JsonObject => rest;

describe('the linter, of what is no badge', () => {
  beforeAll(async () => void (await lintCredential(aBadge())), 60_000);

  it('lets an endorsement and a record pass', async () => {
    expect(await codes(anEndorsement())).toEqual([]);
    expect(await codes(aRecord())).toEqual([]);
  });

  it('lets a record be larger than a badge, up to what a verifier reads as a JWT', async () => {
    expect(await codes(aRecord({ description: 'x'.repeat(100_000) }))).toEqual([]);
    expect(await codes(aRecord({ description: 'x'.repeat(180_000) }))).toEqual(['too_large']);
    expect(await codes(anEndorsement({ description: 'x'.repeat(100_000) }))).toEqual(['too_large']);
  });

  const { '@context': contexts } = aRecord() as { '@context': string[] };
  const refused: [string, string, () => JsonObject][] = [
    [
      'an endorsement of nothing',
      'schema_broken',
      () =>
        anEndorsement({ credentialSubject: { type: ['EndorsementSubject'], endorsementComment: 'Bon.' } }),
    ],
    [
      'a subject type that is not in an array',
      'not_an_array',
      () =>
        anEndorsement({
          credentialSubject: { id: 'urn:uuid:1', type: 'EndorsementSubject', endorsementComment: 'Bon.' },
        }),
    ],
    [
      'a record without badges',
      'schema_broken',
      () => aRecord({ credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'] } }),
    ],
    [
      'a record under the contexts of a badge',
      'context_wrong',
      () => aRecord({ '@context': contexts.toSpliced(1, 1) }),
    ],
    [
      'an e-mail in a badge that a record gathers',
      'private_email',
      () =>
        aRecord({
          credentialSubject: {
            id: 'urn:uuid:1',
            type: ['ClrSubject'],
            verifiableCredential: [
              {
                ...aBadge(),
                credentialSubject: { ...(aBadge().credentialSubject as object), narrative: 'a@b.example' },
              },
            ],
          },
        }),
    ],
    ['an endorsement without a status', 'status_missing', () => withoutStatus(anEndorsement())],
  ];
  it.each(refused)('refuses %s (%s)', async (_what, code, make) => {
    expect(await codes(make())).toContain(code);
  });
});
