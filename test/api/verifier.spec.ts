import { generateKeyPairSync } from 'node:crypto';
import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import { ChangeStatus, PublishBadge, PublishStatusLists, SignOb2Editions, shortCode } from '#badges';
import { bakePng } from '#baking';
import { type JsonObject, multikeyOf, signWithDataIntegrity, vcContext } from '#signing';
import { runVerify } from '../../apps/cli/src/verify-command.js';
import { Ob2Worker } from '../../apps/worker/src/ob2-worker.js';
import { aPlannedRoom } from '../support/issuance-world.js';
import { freeTestPort } from '../support/program.js';
import { type ApiWorld, anApiWorld } from './v1/api-world.js';

type Part = string | Buffer;

const boundary = 'form-of-the-tests';

function multipart(parts: Record<string, Part>): Buffer {
  const chunks = Object.entries(parts).flatMap(([name, value]) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${
      Buffer.isBuffer(value) ? '; filename="f"\r\nContent-Type: application/octet-stream' : ''
    }\r\n\r\n`,
    value,
    '\r\n',
  ]);
  return Buffer.concat([...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk as string)));
}

let world: ApiWorld;
let origin: string;
let ob2: Ob2Worker;
let badge: { id: string; public_id: string; document: string; jwt: string };
let hidden: typeof badge;
let shownAward: string;
let learner: string | undefined;

beforeAll(async () => {
  const port = await freeTestPort();
  origin = `http://localhost:${port}`;
  world = await anApiWorld(origin);
  // What stands at its public addresses is asked there.
  await world.app.listen(port, '127.0.0.1');
  await world.api.query('update organisation set email = $2 where id = $1', [
    world.structure.id,
    'contact@structure.example',
  ]);
  ob2 = new Ob2Worker(new SignOb2Editions(world.worker, world.keyStore, origin));
  ob2.onApplicationBootstrap();
  const { awardIds } = await aPlannedRoom(world, 2);

  await world.signAll();
  const rows: (typeof badge & { award_id: string })[] = await world.api.query(
    'select id, award_id, public_id, signed_document(credential) as document, signed_jwt(credential) as jwt from credential where award_id = any($1) order by award_id',
    [awardIds],
  );
  [badge, hidden] = [rows[0]!, rows[1]!];
  shownAward = rows[0]!.award_id;
  [learner] = (await world.api.query('select person_id from award where id = $1', [shownAward])).map(
    (row: { person_id: string }) => row.person_id,
  );
  await new PublishBadge(world.api).publish(shownAward, { withName: true, by: 'test' });
}, 180_000);
afterAll(async () => {
  await ob2?.onApplicationShutdown();
  await world?.close();
});

const inject = (options: object) => world.app.inject(options);
/** Hands the parts in, as somebody whose browser speaks the language, each from an address of their own. */
let asked = 0;
const someone = (): string => {
  asked += 1;
  return `10.0.0.${asked}`;
};
const verify = (parts: Record<string, Part>, lang = 'fr', remoteAddress = someone()) =>
  inject({
    method: 'POST',
    url: `/verify?lang=${lang}`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: multipart({ text: '', name: '', email: '', ...parts }),
    remoteAddress,
  });

/** A badge of somebody known by a key alone, whose grade is below the one it asks for. */
async function strangersBadge(): Promise<JsonObject> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = multikeyOf(publicKey);
  const { proof: _p, credentialStatus: _s, refreshService: _r, ...own } = JSON.parse(badge.document);
  const { achievement, ...subject } = own.credentialSubject;
  const resultDescription = [
    {
      ...{ id: 'urn:grade', type: ['ResultDescription'], name: 'Note', resultType: 'LetterGrade' },
      ...{ allowedValue: ['D', 'C', 'B', 'A'], requiredValue: 'C' },
    },
  ];
  return signWithDataIntegrity({
    document: {
      ...own,
      issuer: { id: `did:key:${key}`, type: ['Profile'], name: 'Ailleurs' },
      credentialSubject: {
        ...subject,
        achievement: { ...achievement, resultDescription },
        result: [{ type: ['Result'], resultDescription: 'urn:grade', value: 'D' }],
      },
    },
    privateKey,
    verificationMethod: `did:key:${key}#${key}`,
    created: new Date(Date.now() - 60_000),
  });
}
const verdictIn = (html: string): string | undefined => /class="verdict verdict-([a-z_]+)"/.exec(html)?.[1];
const address = (): string => `${origin}/b/${badge.public_id}`;

describe('the check of any badge over the API', () => {
  let token: string;
  beforeAll(async () => {
    token = await world.token(world.structure, ['verification:run']);
  });
  const ask = (body: object | Buffer) =>
    world.call('POST /api/v1/verifications', {
      token,
      body,
      ...(Buffer.isBuffer(body) && {
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      }),
    });

  it('takes a badge by its address and as a file, and answers as for the badge itself', async () => {
    const picture = PNG.sync.write(new PNG({ width: 8, height: 8 }));
    const { body: wanted } = await ask({ credential: badge.document });
    expect(wanted.verdict).toBe('authentic');
    for (const given of [
      { address: address() },
      multipart({ file: Buffer.from(badge.document) }),
      multipart({ file: bakePng(picture, badge.document, 'ob3') }),
      multipart({ file: await QRCode.toBuffer(address(), { scale: 6 }), name: '' }),
    ]) {
      const { status, body } = await ask(given);
      expect([status, body.verdict, body.issuer]).toEqual([200, 'authentic', wanted.issuer]);
      expect(body.checks).toEqual(wanted.checks);
    }
  });

  it('repeats no name of a badge that was changed, and tells its identifiers and checks', async () => {
    const { body: wanted } = await ask({ credential: badge.document });
    expect(wanted.issuer.name).toEqual(expect.any(String));
    const { body } = await ask({
      credential: badge.document.replace(/"name":"[^"]+"/, '"name":"Docteur honoris causa"'),
    });
    expect([body.verdict, body.issuer]).toEqual(['not_authentic', { id: wanted.issuer.id }]);
    for (const name of ['honoris', wanted.issuer.name]) expect(JSON.stringify(body)).not.toContain(name);
    expect(body.checks).toContainEqual(expect.objectContaining({ name: 'proof', code: 'signature_wrong' }));
  });

  it('opens an envelope in base64, as the page does', async () => {
    const answers = async (content: string) => {
      const credential = {
        '@context': vcContext,
        type: 'EnvelopedVerifiableCredential',
        id: `data:application/vc+jwt;base64,${content}`,
      };
      const { body } = await verify({ text: JSON.stringify(credential) });
      return [(await ask({ credential })).body.verdict, verdictIn(body)];
    };
    const content = Buffer.from(badge.jwt).toString('base64');
    expect(await answers(content)).toEqual(['authentic', 'authentic']);
    expect(await answers(`${content}*`)).toEqual(['not_authentic', 'not_authentic']);
  });

  it('says of an envelope that it does not open that it could not check, as the page does', async () => {
    const sealed = (kind: string) => ({
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/${kind},eyJhbGciOiJFUzI1NiJ9.e30.c2ln~`,
    });
    const verdictOf = async (credential: object) => [
      (await ask({ credential })).body.verdict,
      verdictIn((await verify({ text: JSON.stringify(credential) })).body),
    ];
    expect(await verdictOf(sealed('vc+sd-jwt'))).toEqual(['cannot_check', 'cannot_check']);
    expect(await verdictOf(sealed('vc+jwt'))).toEqual(['not_authentic', 'not_authentic']);
  });

  it('takes what a wallet shows, badge by badge, and tells of a result below what is asked for', async () => {
    const verifiableCredential = [JSON.parse(badge.document) as object, await strangersBadge()];
    const presentation = { '@context': [vcContext], type: ['VerifiablePresentation'], verifiableCredential };
    const { status, body } = await ask({ credential: presentation });
    expect([status, body.verdict, body.format.name]).toEqual([200, 'cannot_check', 'vp_embedded']);
    expect(body.checks).toContainEqual(
      expect.objectContaining({ name: 'presented', outcome: 'unknown', code: 'presentation_unsigned' }),
    );
    expect(body.badges).toMatchObject([
      { verdict: 'authentic' },
      {
        verdict: 'cannot_check',
        code: 'identity_bare_key',
        results: [{ code: 'result_below_required', name: 'Note', achieved: 'D', required: 'C' }],
      },
    ]);
    const page = (await verify({ text: JSON.stringify(presentation) })).body.replaceAll('\u00a0', ' ');
    expect(verdictIn(page)).toBe('cannot_check');
    expect(page).toContain('Présentation de 2 badges : 1 impossible à vérifier, 1 authentique');
    expect(page).toContain('D (demandé : C)');
    const { body: alone } = await ask({
      credential: { ...presentation, verifiableCredential: verifiableCredential[0] },
    });
    expect([alone.verdict, alone.format.name]).toEqual(['authentic', 'ob3_embedded']);
  });

  it('asks for the current form of a badge, also of one that is hidden, without leaving the house', async () => {
    for (const given of [hidden.document, hidden.jwt, badge.document]) {
      const { body } = await ask({ credential: given });
      expect(body.verdict).toBe('authentic');
      expect(body.checks).toContainEqual(
        expect.objectContaining({ name: 'refresh', outcome: 'passed', code: 'refresh_current' }),
      );
    }
  });

  it('compares the person that the form names', async () => {
    const { body } = await ask(
      multipart({ file: Buffer.from(badge.document), name: 'Personne Inconnue', email: '' }),
    );
    expect(body.verdict).toBe('cannot_check');
  });

  it.each<[string, () => object | Buffer, number, string]>([
    ['nothing', () => ({}), 400, 'invalid_input'],
    ['both', () => ({ credential: 'x', address: 'https://badge.example/1' }), 400, 'invalid_input'],
    ['an address of another kind', () => ({ address: 'file:///etc/passwd' }), 400, 'invalid_input'],
    ['an address on this machine', () => ({ address: 'https://127.0.0.1/b' }), 422, 'address_unreachable'],
    [
      'a badge that is not shown',
      () => ({ address: `${origin}/b/${hidden.public_id}` }),
      422,
      'address_unreachable',
    ],
    ['a form without a file', () => multipart({ name: 'Lou' }), 400, 'invalid_input'],
    ['an empty file', () => multipart({ file: Buffer.alloc(0) }), 400, 'invalid_input'],
    [
      'a name without end',
      () => multipart({ file: Buffer.from('x'), name: 'x'.repeat(201) }),
      400,
      'invalid_input',
    ],
    [
      'a form that breaks off',
      () => multipart({ file: Buffer.from('x') }).subarray(0, 60),
      400,
      'form_broken',
    ],
    [
      'a file of more than 5 MB',
      () => multipart({ file: Buffer.alloc(5_242_881, 1) }),
      413,
      'file_too_large',
    ],
    [
      'a picture without a badge or code',
      () => multipart({ file: PNG.sync.write(new PNG({ width: 8, height: 8 })) }),
      422,
      'no_badge_in_picture',
    ],
  ])('refuses %s with its code', async (_, given, status, code) => {
    const answer = await ask(given());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses a code that leads to no address of the web', async () => {
    const file = await QRCode.toBuffer('tel:+33639980001', { scale: 6 });
    expect(await ask(multipart({ file }))).toMatchObject({
      status: 422,
      body: { code: 'qr_without_address' },
    });
  });

  it('describes both forms of the request', async () => {
    const { body } = await world.call('GET /api/v1/openapi.json');
    expect(Object.keys(body.paths['/api/v1/verifications'].post.requestBody.content)).toEqual([
      'application/json',
      'multipart/form-data',
    ]);
  });
});

describe('the page that checks any badge', () => {
  it.each(['fr', 'en'])('shows one form, without an account (%s)', async (lang) => {
    const { statusCode, body, headers } = await inject({ url: `/verify?lang=${lang}` });
    expect(statusCode).toBe(200);
    expect(body).toContain(lang === 'fr' ? 'Vérifier un badge' : 'Check a badge');
    expect(body.match(/<form/g)).toHaveLength(1);
    expect(headers['content-security-policy']).toMatch(/form-action 'self';.*script-src 'self'$/);
    expect(headers['permissions-policy']).toContain('camera=(self)');
  });

  it('takes a badge by its address, by a typed one, by its code, as text, as JWT and as a picture', async () => {
    const picture = PNG.sync.write(new PNG({ width: 8, height: 8 }));
    const given: Record<string, Part>[] = [
      { text: address() },
      { text: address().replace('http://', '') },
      { text: badge.public_id },
      { text: shortCode(badge.public_id) },
      { text: shortCode(badge.public_id).toUpperCase().replaceAll('-', ' ') },
      { text: `${origin.replace('http://', '')}/v/${shortCode(badge.public_id)}` },
      { text: `Voici mon badge : ${address()}.` },
      { text: badge.document },
      { text: badge.jwt },
      { file: Buffer.from(badge.document) },
      { file: bakePng(picture, badge.jwt, 'ob3') },
      { file: await QRCode.toBuffer(address(), { scale: 6 }) },
    ];
    for (const parts of given) {
      const { statusCode, body } = await verify(parts);
      expect([statusCode, verdictIn(body), Object.keys(parts)]).toEqual([
        200,
        'authentic',
        Object.keys(parts),
      ]);
      expect(body).toContain('Structure inscrite sur ce service');
      expect(body).toContain(`href="${address()}?lang=fr"`);
    }
  });

  it('says in both languages what was checked, what was not and what no badge proves', async () => {
    const [fr, en] = [
      (await verify({ text: address() })).body,
      (await verify({ text: address() }, 'en')).body,
    ];
    expect(fr).toContain('Ce qu’un badge ne prouve pas');
    expect(en).toContain('What no badge proves');
    for (const body of [fr, en]) expect(body).not.toMatch(/undefined|\[object|\{[a-z]+\}/);
  });

  it('compares the person when asked, and keeps "authentic" from somebody else', async () => {
    const [{ name }]: [{ name: string }] = await world.api.query(
      `select p.given_name || ' ' || p.family_name as name from credential c join award a on a.id = c.award_id
       join person p on p.id = a.person_id where c.id = $1`,
      [badge.id],
    );
    expect(verdictIn((await verify({ text: badge.document, name })).body)).toBe('authentic');
    expect(verdictIn((await verify({ text: badge.document, name: 'Personne Inconnue' })).body)).toBe(
      'cannot_check',
    );
  });

  it('never repeats the words of a badge that was changed', async () => {
    const forged = badge.document.replace(/"name":"[^"]+"/, '"name":"Docteur honoris causa"');
    const { body } = await verify({ text: forged });
    expect(verdictIn(body)).toBe('not_authentic');
    expect(body).not.toContain('honoris');
  });

  it('does not say whether a badge that is hidden exists', async () => {
    const unknown = await verify({ text: `${origin}/b/${'k'.repeat(hidden.public_id.length)}` });
    const kept = await verify({ text: `${origin}/b/${hidden.public_id}` });
    const plain = (body: string) => body.replaceAll(/k{10,}/g, '').replaceAll(hidden.public_id, '');
    expect(plain(kept.body)).toBe(plain(unknown.body));
    expect(kept.body).toContain('Cette adresse ne donne pas de badge');
  });

  it.each<[string, Record<string, Part>, number, string]>([
    ['nothing', {}, 400, 'Collez une adresse ou choisissez un fichier'],
    [
      'a picture with nothing in it',
      { file: PNG.sync.write(new PNG({ width: 64, height: 64 })) },
      200,
      'ni badge, ni code QR',
    ],
    ['a word', { text: 'bonjour' }, 200, 'n’est pas un badge'],
    ['other JSON', { text: '{"a":1}' }, 200, 'n’est pas un badge'],
    ['a page', { file: Buffer.from('<!DOCTYPE html><html></html>') }, 200, 'n’est pas un badge'],
    ['a drawing', { file: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }, 200, 'ni badge, ni'],
    ['a PDF', { file: Buffer.from('%PDF-1.7\n') }, 200, 'Scannez le code imprimé sur le certificat'],
    ['an address of this machine', { text: 'https://127.0.0.1/b/1' }, 200, 'ne donne pas de badge'],
    ['an address without https', { text: 'http://example.org/b/1' }, 200, 'ne donne pas de badge'],
    ['a text of more than 1 MB', { text: `{"a":"${'é'.repeat(600_000)}"}` }, 413, 'Le texte dépasse 1 Mo'],
    ['a file of more than 5 MB', { file: Buffer.alloc(5 * 1024 * 1024 + 1) }, 413, 'dépasse 5 Mo'],
  ])('tells what is wrong with %s, and keeps the form', async (_, parts, status, words) => {
    const { statusCode, body } = await verify(parts);
    expect(statusCode).toBe(status);
    expect(body).toContain(words);
    expect(body).toContain('<form');
  });

  it('escapes what it shows again', async () => {
    const { body } = await verify({ text: 'https://127.0.0.1/"><script>alert(1)</script>', name: '"><img>' });
    expect(body).not.toContain('<script>alert');
    expect(body).not.toContain('<img>');
  });

  it('takes no other form, and no file in a part of another name', async () => {
    const other = await inject({
      method: 'POST',
      url: '/verify',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'text=x',
    });
    expect([400, 415]).toContain(other.statusCode);
    expect((await verify({ other: Buffer.from(badge.document) })).statusCode).toBe(400);
  });

  it('lets one address try forty times at once, then asks to wait, and nobody else', async () => {
    const asked = await Promise.all(Array.from({ length: 45 }, () => verify({}, 'fr', '10.9.9.9')));
    const statuses = asked.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 400).length).toBeGreaterThanOrEqual(40);
    const late = asked.filter(({ statusCode }) => statusCode === 429);
    expect(late.length).toBeGreaterThan(0);
    expect(late[0]!.headers['retry-after']).toBe('60');
    expect((await verify({}, 'fr', '10.9.9.10')).statusCode).toBe(400);
  });

  describe('asked through the page, the API and the command line', () => {
    let token: string;
    const page = async (text: string) => {
      const { body } = await verify({ text });
      return verdictIn(body) ?? (body.includes('n’existe plus') ? 'badge_gone' : 'no badge');
    };
    const api = async (given: string) => {
      const { body } = await world.call('POST /api/v1/verifications', { token, body: { address: given } });
      return (body.verdict ?? body.code) as string;
    };
    const cli = async (given: string) => {
      let out = '';
      await runVerify([given, '--json', '--origin', origin], {
        stdout: { write: (text: string) => (out += text) },
        stderr: { write: () => true },
        now: new Date(),
      });
      const report = JSON.parse(out) as { verdict: string; error?: string };
      return report.error ?? report.verdict;
    };
    const doors = async (given: string) => [await page(given), await api(given), await cli(given)];
    const thrice = (told: string) => [told, told, told];
    let made: Record<string, string>;

    beforeAll(async () => {
      token = await world.token(world.structure);
      const base = `/api/v1/organisations/${world.structure.slug}`;
      const request = await world.call(`POST ${base}/endorsement-requests`, {
        token,
        body: { target: 'issuer' },
      });
      await inject({
        method: 'POST',
        url: (request.body.link as string).slice(origin.length),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({
          name: 'Ville Exemple',
          comment: 'Nous reconnaissons ces badges.',
        }).toString(),
      });
      await world.call(`POST /api/v1/endorsements/${request.body.id}/acceptance`, { token, body: {} });
      const record = await world.call(`POST ${base}/records`, {
        token,
        body: { person: learner, awards: [shownAward], consent: { on: '2026-11-20', how: 'said' } },
      });
      await world.signAll();
      const endorsement = await world.call(`GET /api/v1/endorsements/${request.body.id}`, { token });
      made = { record: record.body.address as string, endorsement: endorsement.body.address as string };
    });

    /** Every address of docs/addresses.md that gives a credential. */
    const addresses: [string, () => string][] = [
      ['/b/{id}', address],
      ['/b/{id}?lang=en', () => `${address()}?lang=en`],
      ...['.json', '.jwt', '.png', '.svg', '/ob2.json', '/ob2.jws'].map((form): [string, () => string] => [
        `/b/{id}${form}`,
        () => `${address()}${form}`,
      ]),
      ['/v/{code}', () => `${origin}/v/${shortCode(badge.public_id)}`],
      ['/v/{code} as typed', () => `${origin}/v/${badge.public_id.slice(0, 12).toUpperCase()}`],
      ...['', '.json', '.jwt'].flatMap((form): [string, () => string][] => [
        [`/records/{id}${form}`, () => `${made.record}${form}`],
        [`/endorsements/{id}${form}`, () => `${made.endorsement}${form}`],
      ]),
    ];

    it.each(addresses)('%s is authentic at each', async (_path, given) => {
      expect(await doors(given())).toEqual(thrice('authentic'));
    });

    it('a record is compared with its current version at its own address', async () => {
      const { body } = await world.call('POST /api/v1/verifications', {
        token,
        body: { address: made.record },
      });
      expect(body.checks).toContainEqual(
        expect.objectContaining({ name: 'refresh', outcome: 'passed', code: 'refresh_current' }),
      );
      expect((await verify({ text: made.record! }, 'en')).body).not.toContain('refresh_unreachable');
    });

    it.each<[string, () => string]>([
      ['a hidden badge', () => `${origin}/b/${hidden.public_id}`],
      ['its picture', () => `${origin}/b/${hidden.public_id}.png`],
      ['its short address', () => `${origin}/v/${shortCode(hidden.public_id)}`],
      ['an unknown record', () => `${origin}/records/${'k'.repeat(26)}`],
      ['a door of the operator', () => `${origin}/operations`],
    ])('%s is nothing at each', async (_what, given) => {
      expect(await doors(given())).toEqual(['no badge', 'address_unreachable', 'address_unreachable']);
    });
  });

  let copies: string[] | undefined;
  /** What is said of each text, again and again while something is done, once before and once after it. */
  const verdictsWhile = async (work: () => Promise<unknown>, texts: string[]): Promise<string[][]> => {
    const token = await world.token(world.structure, ['verification:run']);
    const ask = async (credential: string): Promise<string> =>
      (await world.call('POST /api/v1/verifications', { token, body: { credential } })).body.verdict;
    const first = await Promise.all(texts.map(ask));
    let isDone = false;
    const during = texts.map(async (text) => {
      const seen: string[] = [];
      while (!isDone) seen.push(await ask(text));
      return seen;
    });
    await work().finally(() => (isDone = true));
    const seen = await Promise.all(during);
    const last = await Promise.all(texts.map(ask));
    return texts.map((_text, i) => [first[i]!, ...seen[i]!, last[i]!]);
  };

  it.each([
    ['suspend', 'under_review', 'Badge suspendu par son émetteur', 3],
    ['revoke', 'issued_in_error', 'Badge retiré par son émetteur', 1],
  ] as const)(
    'tells of a badge at once what became of it, at each of its addresses: %s',
    async (...given) => {
      const [change, reasonClass, headline, exitCode] = given;
      const changing = () =>
        new ChangeStatus(world.api).run({
          organisationId: world.structure.id,
          credentialIds: [badge.id],
          ...{ change, reasonClass, by: 'test' },
        });
      // Kept by somebody from the day before: their verdict asks the address, or the list of the issuer, each time.
      copies ??= await Promise.all(
        ['.json', '.jwt', '/ob2.json', '/ob2.jws'].map(async (form) =>
          (await fetch(`${address()}${form}`)).text(),
        ),
      );
      const before = change === 'suspend' ? 'authentic' : 'withdrawn';
      for (const seen of await verdictsWhile(changing, copies)) {
        const turned = seen.indexOf('withdrawn');
        expect([seen[0], seen.at(-1)]).toEqual([before, 'withdrawn']);
        expect(new Set(seen.slice(0, turned))).toEqual(new Set(turned > 0 ? ['authentic'] : []));
        expect(new Set(seen.slice(turned))).toEqual(new Set(['withdrawn']));
      }
      await new PublishStatusLists(world.worker, world.keyStore, origin).publishDue();
      expect(verdictIn((await verify({ text: badge.document })).body)).toBe('withdrawn');
      const token = await world.token(world.structure, ['verification:run']);
      for (const form of ['', '.jwt', '.png', '.svg', '/ob2.json', '/ob2.jws']) {
        const given = `${address()}${form}`;
        const { body } = await world.call('POST /api/v1/verifications', { token, body: { address: given } });
        let out = '';
        const io = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => true } };
        const code = await runVerify([given, '--json', '--origin', origin], io);
        const page = (await verify({ text: given })).body;
        expect([form, page.includes(headline)]).toEqual([form, true]);
        const shown = verdictIn(page);
        expect([form, shown, body.verdict, (JSON.parse(out) as { verdict: string }).verdict, code]).toEqual([
          form,
          'withdrawn',
          'withdrawn',
          'withdrawn',
          exitCode,
        ]);
      }
    },
  );
});
