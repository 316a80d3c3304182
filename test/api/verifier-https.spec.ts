import { PublishBadge, SignOb2Editions, shortCode } from '#badges';
import { Ob2Worker } from '../../apps/worker/src/ob2-worker.js';
import { aPlannedRoom } from '../support/issuance-world.js';
import { type ApiWorld, anApiWorld } from './v1/api-world.js';

// Nothing answers at such a name (RFC 2606): whoever asked the network for it would find nothing.
const origin = 'https://badges.service.example';

let world: ApiWorld;
let ob2: Ob2Worker;
let token: string;
let badge: { id: string; public_id: string };
let made: { record: string; endorsement: string };

beforeAll(async () => {
  world = await anApiWorld(origin);
  await world.api.query('update organisation set email = $2 where id = $1', [
    world.structure.id,
    'contact@structure.example',
  ]);
  ob2 = new Ob2Worker(new SignOb2Editions(world.worker, world.keyStore, origin));
  ob2.onApplicationBootstrap();
  const { awardIds } = await aPlannedRoom(world, 1);
  await world.signAll();
  [badge] = await world.api.query('select id, public_id from credential where award_id = $1', [awardIds[0]]);
  await new PublishBadge(world.api).publish(awardIds[0]!, { withName: true, by: 'test' });
  token = await world.token(world.structure);
  const base = `/api/v1/organisations/${world.structure.slug}`;
  const request = await world.call(`POST ${base}/endorsement-requests`, {
    token,
    body: { target: 'issuer' },
  });
  await world.app.inject({
    method: 'POST',
    url: (request.body.link as string).slice(origin.length),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      name: 'Ville Exemple',
      comment: 'Nous reconnaissons ces badges.',
    }).toString(),
  });
  await world.call(`POST /api/v1/endorsements/${request.body.id}/acceptance`, { token, body: {} });
  const [{ person_id: person }] = await world.api.query('select person_id from award where id = $1', [
    awardIds[0],
  ]);
  const record = await world.call(`POST ${base}/records`, {
    token,
    body: { person, awards: [awardIds[0]], consent: { on: '2026-11-20', how: 'said' } },
  });
  await world.signAll();
  const endorsement = await world.call(`GET /api/v1/endorsements/${request.body.id}`, { token });
  made = { record: record.body.address as string, endorsement: endorsement.body.address as string };
}, 180_000);
afterAll(async () => {
  await ob2?.onApplicationShutdown();
  await world?.close();
});

const page = async (text: string): Promise<string | undefined> => {
  const boundary = 'form-of-the-tests';
  const { body } = await world.app.inject({
    method: 'POST',
    url: '/verify?lang=fr',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: `--${boundary}\r\nContent-Disposition: form-data; name="text"\r\n\r\n${text}\r\n--${boundary}--\r\n`,
  });
  return /class="verdict verdict-([a-z_]+)"/.exec(body)?.[1];
};
const api = async (address: string): Promise<string> => {
  const { body } = await world.call('POST /api/v1/verifications', { token, body: { address } });
  return (body.verdict ?? body.code) as string;
};

describe('a service behind https that cannot reach its own public name', () => {
  const own = (form = ''): string => `${origin}/b/${badge.public_id}${form}`;
  const addresses: [string, () => string][] = [
    ...['', '.json', '.jwt', '.png', '.svg', '/ob2.json', '/ob2.jws'].map((form): [string, () => string] => [
      `/b/{id}${form}`,
      () => own(form),
    ]),
    ['/v/{code}', () => `${origin}/v/${shortCode(badge.public_id)}`],
    ...['', '.json', '.jwt'].flatMap((form): [string, () => string][] => [
      [`/records/{id}${form}`, () => `${made.record}${form}`],
      [`/endorsements/{id}${form}`, () => `${made.endorsement}${form}`],
    ]),
  ];

  it.each(addresses)('still checks what stands at its own %s', async (_path, given) => {
    expect([await page(given()), await api(given())]).toEqual(['authentic', 'authentic']);
  });

  it('asks its own address whether a record is the current one', async () => {
    const { body } = await world.call('POST /api/v1/verifications', {
      token,
      body: { address: made.record },
    });
    expect(body.checks).toContainEqual(expect.objectContaining({ name: 'refresh', outcome: 'passed' }));
  });

  it('gives nothing of what is not public', async () => {
    for (const path of ['/operations', '/metrics', `/records/${'k'.repeat(26)}`, '/v/../operations'])
      expect(await api(`${origin}${path}`)).toBe('address_unreachable');
  });
});
