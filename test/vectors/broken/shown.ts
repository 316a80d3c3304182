import { type JsonObject, statusEntry, vcContext } from '#signing';
import { aPresentation, enveloped, holder, jwtOf, presented } from '../any-world.js';
import { aBadge, aList, listUrl, now, origin, signed, signedJwt, statusIndex } from '../world.js';
import { changed, type Family, type Handed, plain } from './family.js';

const second = (given: JsonObject = {}): JsonObject =>
  aBadge({
    id: `${origin}/b/0000000000000000000000000b`,
    name: 'Écrire un texte',
    credentialStatus: statusEntry({ list: listUrl, index: 12 }),
    ...given,
  });

/** A presentation of these, not signed by who shows them. */
export const showing = async (...badges: unknown[]): Promise<JsonObject> =>
  plain(await aPresentation({ verifiableCredential: badges }));

/** The same, signed by its holder with the library of Digital Bazaar. */
export const signedShow = async (...badges: unknown[]): Promise<JsonObject> =>
  plain(await presented(await showing(...badges)));

/** As a JWT of its own (VC-JOSE-COSE), by its holder. */
export const jwtShow = async (...badges: unknown[]): Promise<string> =>
  jwtOf({ ...(await showing(...badges)), iat: Math.floor(now.getTime() / 1000) - 60 });

/** In a claim of a JWT, as VC Data Model 1.1 has it. */
export const olderJwtShow = (...badges: unknown[]): string =>
  jwtOf({
    iss: holder.did,
    vp: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiablePresentation'],
      verifiableCredential: badges,
    },
  });

const both = async (): Promise<JsonObject> => signedShow(await signed(), await signed(second()));
const withOther = (badge: () => unknown, web?: Handed['web']) => async (): Promise<Handed> => ({
  input: await signedShow(await signed(), plain(await badge())),
  ...(web && { web }),
});

/** A presentation of two badges, handed in where a badge is expected. */
export const shownBadges: Family = {
  form: 'presentation of badges',
  original: async () => ({ input: await both() }),
  faults: [
    [
      'a forged badge in it',
      'badges failed inside_broken',
      withOther(async () => ({ ...(await signed(second())), name: 'Autre' })),
    ],
    [
      'a badge that is over',
      'badges failed inside_expired',
      withOther(() => signed(second({ validUntil: '2026-11-21T00:00:00Z' }))),
    ],
    [
      'a badge that was withdrawn',
      'badges failed inside_withdrawn',
      async () => ({
        input: await both(),
        web: { [listUrl]: await aList({ revoked: [statusIndex] }) },
      }),
    ],
    ['a badge without a signature', 'badges unknown inside_cannot_check', withOther(() => second())],
    ['no badge', 'badges unknown presentation_empty', async () => ({ input: await signedShow() })],
    [
      'no signature of who shows it',
      'presented unknown presentation_unsigned',
      async () => ({ input: await showing(await signed(), await signed(second())) }),
    ],
    [
      'a badge taken out after signing',
      'presented failed signature_wrong',
      async () => {
        const presentation = await signedShow(await signed(), await signed(second()), enveloped(signedJwt()));
        const kept = (presentation.verifiableCredential as unknown[]).slice(0, 2);
        return { input: changed(presentation, 'verifiableCredential', kept) };
      },
    ],
    [
      'a holder who did not sign',
      'presented failed key_of_another_issuer',
      async () => ({ input: changed(await both(), 'holder', 'did:web:else.example') }),
    ],
    [
      'the shape of VC 1.1',
      'presented unknown presentation_not_supported',
      async () => ({ input: olderJwtShow(signedJwt(), signedJwt(second())) }),
    ],
    [
      'a badge in an envelope of another kind',
      'badges unknown inside_cannot_check',
      withOther(() => ({ ...enveloped('x'), id: `data:application/vc+sd-jwt,${signedJwt(second())}~` })),
    ],
    [
      'nothing but a badge in an envelope of another kind',
      'parse unknown envelope_not_supported',
      async () => ({
        input: await signedShow({ ...enveloped('x'), id: `data:application/vc+sd-jwt,${signedJwt()}~` }),
      }),
    ],
    [
      'an envelope that nobody opens',
      'parse unknown envelope_not_supported',
      () => ({
        input: {
          '@context': vcContext,
          type: 'EnvelopedVerifiablePresentation',
          id: 'data:application/vp+cose,x',
        },
      }),
    ],
    [
      'a cut token in the envelope',
      'parse failed jwt_malformed',
      async () => ({ input: enveloped((await jwtShow(await signed())).slice(0, -1), 'Presentation') }),
    ],
  ],
};
