import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { BadgeReader, ReportCompromise } from '#badges';
import {
  bundledContexts,
  didDocument,
  didWebFor,
  KeyLifecycle,
  PublicKeys,
  signVcJwt,
  signWithDataIntegrity,
} from '#signing';
import { type Fetched, Fetcher, FetchFailed, verifyCredential } from '#verification';
import { OwnFetcher } from '../../apps/api/src/public/own-fetcher.js';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld, origin } from '../support/issuance-world.js';

interface Signed {
  publicId: string;
  document: string;
  jwt: string;
}

/** The service's own documents, with what the test lets happen on the way. */
class Way extends Fetcher {
  broken?: RegExp;
  constructor(private readonly inner: Fetcher) {
    super();
  }
  async fetch(url: string, accept?: string): Promise<Fetched> {
    if (this.broken?.test(url)) throw new FetchFailed('fetch_failed', `${url} is away`);
    return this.inner.fetch(url, accept);
  }
}

describe('a badge, after its key', () => {
  let world: IssuanceWorld;
  let way: Way;
  let did: string;
  beforeEach(async () => {
    world = await anIssuanceWorld();
    did = didWebFor(origin, world.structure.slug);
    way = new Way(new OwnFetcher(origin, world.api, new PublicKeys(world.api), new BadgeReader(world.api)));
  }, 120_000);
  afterEach(() => world?.close());

  const aSignedRoom = async (size = 1): Promise<Signed[]> => {
    const { awardIds, outboxIds } = await aPlannedRoom(world, size);
    for (const id of outboxIds) await world.signCredentials.run(id);
    return world.api.query(
      'select public_id as "publicId", signed_document(credential) as document, signed_jwt(credential) as jwt from credential where award_id = any($1) order by id',
      [awardIds],
    );
  };
  const verdictOf = async (badge: string | object): Promise<[string, string | undefined]> => {
    const report = await verifyCredential(badge, { fetcher: way, now: new Date(), origin });
    return [report.verdict, report.checks.find(({ name }) => name === 'issuer')?.code];
  };
  const activeKeys = () => new PublicKeys(world.api).active(world.structure.id);
  const theft = async (since: Date): Promise<void> => {
    const keyIds = Object.values(await activeKeys()).map(({ id }) => id);
    await new ReportCompromise(world.worker).run({
      organisationId: world.structure.id,
      keyIds,
      since,
      by: 'cli',
    });
  };
  /** A whole second between what was signed before and what is signed after. */
  const aSecond = async (): Promise<Date> => {
    const [{ next }]: [{ next: Date }] = await world.api.query(
      "select date_trunc('second', clock_timestamp()) + interval '1 second' as next",
    );
    await world.api.query('select pg_sleep(extract(epoch from $1::timestamptz - clock_timestamp()) + 0.02)', [
      next,
    ]);
    return next;
  };
  /** The status lists, signed anew as the worker does when a key is out of use. */
  const signListsAnew = async (): Promise<void> => {
    await world.worker.query('select pg_sleep(1.1)');
    const { PublishStatusLists } = await import('#badges');
    await new PublishStatusLists(world.worker, world.keyStore, origin).publishDue();
  };
  const outsideVerdict = async (credential: object): Promise<boolean> => {
    const document = didDocument({
      did,
      keys: await new PublicKeys(world.api).all(world.structure.id),
    }) as { verificationMethod: { id: string }[] };
    const answer = (url: string, found: object) => ({ contextUrl: null, documentUrl: url, document: found });
    const result = await vc.verifyCredential({
      credential,
      suite: new DataIntegrityProof({ cryptosuite }),
      checkStatus: async () => ({ verified: true }),
      documentLoader: async (url: string) => {
        if (url === did) return answer(url, document);
        const method = document.verificationMethod.find((m) => m.id === url);
        return method
          ? answer(url, { '@context': 'https://w3id.org/security/multikey/v1', ...method })
          : bundledContexts.loader(url);
      },
    });
    return result.verified;
  };

  it('was rotated, is authentic as before and beside those of the new key, for our verifier and for another', async () => {
    const old = await aSignedRoom(2);
    const rotated = await new KeyLifecycle(world.worker, world.keyStore).rotate(world.structure.id, 'cli');
    expect(rotated.map(({ algorithm }) => algorithm)).toEqual(['Ed25519', 'RS256']);
    const fresh = await aSignedRoom(2);
    await signListsAnew();
    for (const { document, jwt } of [...old, ...fresh]) {
      expect(await verdictOf(document)).toEqual(['authentic', 'issuer_key_found']);
      expect(await verdictOf(jwt)).toEqual(['authentic', 'issuer_key_found']);
      expect(await outsideVerdict(JSON.parse(document) as object)).toBe(true);
    }
    const methods = [old[0]!, fresh[0]!].map(
      ({ document }) =>
        (JSON.parse(document) as { proof: { verificationMethod: string }[] }).proof[0]!.verificationMethod,
    );
    expect(methods[0]).not.toBe(methods[1]);
  });

  it('was stolen, stays authentic with a note when the register saw it before, and is rejected when after', async () => {
    const [before] = await aSignedRoom();
    const since = await aSecond();
    const [after] = await aSignedRoom();
    await theft(since);
    await aSignedRoom();
    await signListsAnew();
    for (const form of ['document', 'jwt'] as const) {
      expect(await verdictOf(before![form])).toEqual(['authentic', 'issuer_key_compromised_later']);
      expect(await verdictOf(after![form])).toEqual(['not_authentic', 'key_compromised']);
    }
    // Programs that know no register trust nothing of a stolen key.
    expect(await outsideVerdict(JSON.parse(before!.document) as object)).toBe(false);
    expect(await outsideVerdict(JSON.parse(after!.document) as object)).toBe(false);
  });

  it('leaves the badges of the other keys alone, for our verifier and for another', async () => {
    await aSignedRoom();
    await theft(new Date('2026-01-01T00:00:00Z'));
    const [fresh] = await aSignedRoom();
    await signListsAnew();
    expect(await verdictOf(fresh!.document)).toEqual(['authentic', 'issuer_key_found']);
    expect(await outsideVerdict(JSON.parse(fresh!.document) as object)).toBe(true);
  });

  it('was stolen and used by the thief, who back-dates: rejected, whatever address is claimed', async () => {
    const [genuine] = await aSignedRoom();
    const keys = await activeKeys();
    const [ed, rsa] = [
      await world.keyStore.signerFor(keys.Ed25519!.id),
      await world.keyStore.signerFor(keys.RS256!.id),
    ];
    await theft(await aSecond());
    await aSignedRoom();
    await signListsAnew();
    const { proof: _proof, ...content } = JSON.parse(genuine!.document) as Record<string, unknown>;
    const subject = content.credentialSubject as Record<string, unknown>;
    for (const id of [content.id, `${origin}/b/0000000000000000000000000a`]) {
      const forged = {
        ...content,
        id,
        credentialSubject: { ...subject, id: 'urn:uuid:3f6f2f2e-1111-4222-8333-944445555666' },
      };
      const document = await signWithDataIntegrity({
        document: forged,
        privateKey: ed.privateKey,
        verificationMethod: `${did}#${ed.keyId}`,
        created: new Date(content.validFrom as string),
      });
      const kid = `${origin}/issuers/${world.structure.slug}/keys/${rsa.keyId}`;
      const jwt = signVcJwt({ credential: forged, privateKey: rsa.privateKey, kid });
      expect(await verdictOf(document)).toEqual(['not_authentic', 'not_in_register']);
      expect(await verdictOf(jwt)).toEqual(['not_authentic', 'not_in_register']);
    }
    expect((await verdictOf(genuine!.document))[0]).toBe('authentic');
  });

  it('cannot be checked while the register or the key document is away, and is never called authentic', async () => {
    const [before] = await aSignedRoom();
    await theft(await aSecond());
    await aSignedRoom();
    await signListsAnew();
    way.broken = /\/signed\//;
    expect(await verdictOf(before!.document)).toEqual(['cannot_check', 'register_unreachable']);
    way.broken = /did\.json$/;
    expect(await verdictOf(before!.document)).toEqual(['cannot_check', 'issuer_unreachable']);
    expect(await verdictOf(before!.jwt)).toEqual(['cannot_check', 'issuer_unreachable']);
    way.broken = /\/status\//;
    expect((await verdictOf(before!.document))[0]).toBe('cannot_check');
  });

  it('is looked up in the register by its signature alone: an address without it learns nothing', async () => {
    const [badge] = await aSignedRoom();
    const reader = new BadgeReader(world.api);
    const { sha256 } = await import('#platform');
    const signature = (JSON.parse(badge!.document) as { proof: { proofValue: string }[] }).proof[0]!
      .proofValue;
    const digest = sha256(signature).toString('hex');
    const other = 'f'.repeat(64);
    expect(await reader.signedAt(world.structure.id, badge!.publicId, digest)).toBeInstanceOf(Date);
    expect(await reader.signedAt(world.structure.id, badge!.publicId, other)).toBeNull();
    expect(await reader.signedAt(world.structure.id, '0000000000000000000000000a', digest)).toBeNull();
    expect(await reader.signedAt('00000000-0000-7000-8000-000000000000', badge!.publicId, digest)).toBeNull();
    expect(await reader.signedAt(world.structure.id, "' or 1=1 --", digest)).toBeNull();
  });
});
