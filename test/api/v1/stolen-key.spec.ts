import { PublishBadge, ReportCompromise } from '#badges';
import { PublicKeys } from '#signing';
import { aPlannedRoom } from '../../support/issuance-world.js';
import { type ApiWorld, anApiWorld } from './api-world.js';

interface Shown {
  public_id: string;
  document: string;
  jwt: string;
}

const note = {
  fr: 'La clé a été volée plus tard ; le registre de l’émetteur confirme que ce badge a été signé avant.',
  en: 'The key was stolen later; the issuer’s register confirms that this badge was signed before.',
};
const rejected = { fr: 'Badge non authentique', en: 'Badge not authentic' };
const accepted = { fr: 'Badge authentique', en: 'Authentic badge' };

describe('a badge whose key was stolen, as people and programs see it', () => {
  let world: ApiWorld;
  let token: string;
  let before: Shown;
  let after: Shown;
  let fresh: Shown;

  const aShownBadge = async (): Promise<Shown> => {
    const { awardIds } = await aPlannedRoom(world, 1);
    await world.signAll();
    await new PublishBadge(world.api).publish(awardIds[0]!, { withName: false, by: 'test' });
    const [row]: [Shown] = await world.api.query(
      'select public_id, signed_document(credential) as document, signed_jwt(credential) as jwt from credential where award_id = $1',
      [awardIds[0]],
    );
    return row;
  };

  beforeAll(async () => {
    world = await anApiWorld();
    token = await world.token(world.structure);
    before = await aShownBadge();
    const [{ since }]: [{ since: Date }] = await world.api.query(
      "select date_trunc('second', clock_timestamp()) + interval '1 second' as since",
    );
    await world.api.query('select pg_sleep(extract(epoch from $1::timestamptz - clock_timestamp()) + 0.02)', [
      since,
    ]);
    after = await aShownBadge();
    const keys = Object.values(await new PublicKeys(world.api).active(world.structure.id));
    await new ReportCompromise(world.worker).run({
      organisationId: world.structure.id,
      keyIds: keys.map(({ id }) => id),
      since,
      by: 'cli',
    });
    fresh = await aShownBadge();
    const { PublishStatusLists } = await import('#badges');
    await world.worker.query('select pg_sleep(1.1)');
    await new PublishStatusLists(world.worker, world.keyStore, 'http://localhost:4180').publishDue();
  }, 180_000);
  afterAll(() => world?.close());

  /** The words of the page, without the folded technical part. */
  const pageOf = async ({ public_id }: Shown, language: 'fr' | 'en'): Promise<string> => {
    const answer = await world.app.inject({
      url: `/b/${public_id}?lang=${language}`,
      headers: { accept: 'text/html' },
    });
    return answer.body
      .replace(/<head>.*?<\/head>/s, '')
      .replace(/<details.*?<\/details>/gs, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/&#39;/g, "'")
      .replace(/\s+/g, ' ');
  };

  it.each(['fr', 'en'] as const)(
    'tells an employer what the theft means for each, in %s',
    async (language) => {
      const [old, stolen, since] = await Promise.all(
        [before, after, fresh].map((one) => pageOf(one, language)),
      );
      expect(old).toContain(accepted[language]);
      expect(old).toContain(note[language]);
      expect(stolen).toContain(rejected[language]);
      expect(stolen).not.toContain(accepted[language]);
      expect(stolen).not.toContain(note[language]);
      expect(since).toContain(accepted[language]);
      expect(since).not.toContain(note[language]);
    },
  );

  it('tells a program the same, by code and in both languages, whichever form it holds', async () => {
    const answerFor = async (credential: string) => {
      const { status, body } = await world.call('POST /api/v1/verifications', {
        token,
        body: { credential },
      });
      expect(status).toBe(200);
      const issuer = (body.checks as { name: string; code: string; detail: object }[]).find(
        ({ name }) => name === 'issuer',
      )!;
      return { verdict: body.verdict as string, code: issuer.code, detail: issuer.detail };
    };
    for (const form of ['document', 'jwt'] as const) {
      expect(await answerFor(before[form])).toEqual({
        verdict: 'authentic',
        code: 'issuer_key_compromised_later',
        detail: note,
      });
      expect(await answerFor(after[form])).toMatchObject({
        verdict: 'not_authentic',
        code: 'key_compromised',
      });
      expect(await answerFor(fresh[form])).toMatchObject({ verdict: 'authentic', code: 'issuer_key_found' });
    }
  });

  it.each([
    ['fr', /Ne plus croire depuis le/],
    ['en', /Not to be trusted since/],
  ] as const)('is marked beside its key on the page of the issuer, in %s', async (language, words) => {
    const answer = await world.app.inject({
      url: `/issuers/${world.structure.slug}?lang=${language}`,
      headers: { accept: 'text/html' },
    });
    expect(answer.body.replace(/<[^>]+>/g, ' ')).toMatch(words);
  });
});
