import { PNG } from 'pngjs';
import { bakePng, bakeSvg } from '#baking';
import { aBadgeClass, anAssertion, aProfile, aSignedAssertion } from '../../../test/vectors/ob2-world.js';
import { aBadge, aWeb, now, signed, signedJwt } from '../../../test/vectors/world.js';
import { addressIn, onlyBadge } from './only-badges.js';
import { verifyBadge } from './verify-badge.js';

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>';
const png = PNG.sync.write(new PNG({ width: 8, height: 8 }));
const token = (payload: object): string =>
  [{ alg: 'RS256', kid: '1' }, payload, 'signature']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
const codeOf = (given: Buffer | string | object): string => {
  try {
    return onlyBadge(given) === given ? 'passed on' : 'changed';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

describe('what is no badge', () => {
  it.each<[string, Buffer | string | object]>([
    ['nothing', ''],
    ['a word', 'bonjour'],
    ['words with points', 'mon.badge.ici'],
    ['a sentence with a link', 'Voici mon badge : https://a.example/b/1'],
    ['the name of a site', 'www.badges.example'],
    ['some JSON', '{"a":1}'],
    ['a presentation of nothing', { type: 'VerifiablePresentation', proof: { type: 'DataIntegrityProof' } }],
    [
      'a presentation of several other things',
      { type: ['VerifiablePresentation'], verifiableCredential: [{ a: 1 }, 'x', null] },
    ],
    ['a presentation of something else', { type: 'VerifiablePresentation', verifiableCredential: { a: 1 } }],
    ['some object', { a: 1 }],
    ['a list', '[1,2]'],
    ['damaged JSON of something else', '{"a":1'],
    ['an issuer', aProfile()],
    ['an issuer of 3.0', { type: ['Profile'], id: 'did:web:a.example', name: 'A' }],
    ['a page', '<!DOCTYPE html><html><body>Assertion</body></html>'],
    ['another picture format', Buffer.from('GIF89a......')],
    ['bytes', Buffer.from([0, 1, 2, 255])],
    ['the description of a badge of 2.0', aBadgeClass()],
    ['a presentation of nothing but words', token({ vp: 'x' })],
    ['a token to enter with', token({ iss: 'https://login.example', sub: '1', exp: 1 })],
    ['a signed list of something', token({ '@context': 'https://schema.org', type: 'ItemList' })],
  ])('is told to be none, and not to be false: %s', (_what, given) => {
    expect(codeOf(given)).toBe('not_a_badge');
    if (typeof given === 'string') expect(codeOf(Buffer.from(given))).toBe('not_a_badge');
    else if (!Buffer.isBuffer(given)) expect(codeOf(JSON.stringify(given))).toBe('not_a_badge');
  });

  it('has words of its own when it is a PDF or a picture', () => {
    expect(codeOf(Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj'))).toBe('paper_handed_in');
    expect(codeOf(svg)).toBe('no_badge_in_picture');
    expect(codeOf(Buffer.from(svg))).toBe('no_badge_in_picture');
    expect(codeOf(png)).toBe('no_badge_in_picture');
  });
});

describe('a badge with something around it', () => {
  const { credentialStatus: _status, ...lasting } = aBadge();
  const verdictOf = async (given: Buffer | string | object) =>
    (await verifyBadge(onlyBadge(given), { fetcher: await aWeb(), now })).verdict;

  it('is the badge, in a presentation of nothing else, whoever signed that', async () => {
    const badge = await signed(lasting);
    const forged = { ...badge, name: 'Piloter un avion' };
    const around = (verifiableCredential: unknown) => ({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      verifiableCredential,
      proof: { type: 'DataIntegrityProof', proofPurpose: 'authentication', proofValue: 'z3' },
    });
    for (const given of [around(badge), around([badge]), around([signedJwt(lasting)])])
      for (const form of [given, JSON.stringify(given), Buffer.from(JSON.stringify(given, null, 2))])
        expect(await verdictOf(form)).toBe('authentic');
    expect(await verdictOf(around([forged]))).toBe('not_authentic');
    const twice = JSON.stringify(around([badge])).replace('{', '{"type":"x",');
    expect(await verdictOf(twice)).toBe('not_authentic');
  });

  it('is the JWT, in the quotes of the JSON that it was copied from', async () => {
    expect(await verdictOf(JSON.stringify(signedJwt(lasting)))).toBe('authentic');
    expect(await verdictOf(`"${signedJwt(lasting).slice(0, -6)}"`)).toBe('not_authentic');
  });
});

describe('what is a badge', () => {
  it('is passed on in every form', async () => {
    const document = await signed();
    const text = JSON.stringify(document);
    for (const given of [
      document,
      text,
      `\uFEFF ${text}\n`,
      Buffer.from(text),
      signedJwt(aBadge()),
      anAssertion(),
      aSignedAssertion(),
      { uid: '1', recipient: 'x', badge: 'https://a.example/1' },
      { id: 'https://a.example/7', revoked: true },
      bakePng(png, text, 'ob3'),
      bakeSvg(svg, text, 'ob3'),
    ])
      expect(codeOf(given)).toBe('passed on');
  });

  it('is passed on damaged, so that it is told to be false', async () => {
    const text = JSON.stringify(await signed());
    const { '@context': _context, type: _type, ...bare } = await signed();
    const token = signedJwt(aBadge());
    const [head, body] = token.split('.') as [string, string];
    for (const given of [
      text.slice(0, -40),
      text.slice(0, text.length / 2),
      text.replaceAll('"', "'"),
      `[${text}]`,
      JSON.stringify(text),
      bare,
      { ...bare, proof: undefined, type: 'OpenBadgeCredential' },
      `${token}.x`,
      `${token}==`,
      `${head}.${body}`,
      `${head}.%%%`.replace('%%%', 'AAA.AAA'),
      `${'A'.repeat(40)}.${body}.AAAA`,
      bakePng(png, text, 'ob3').subarray(0, 60),
    ])
      expect(codeOf(given)).toBe('passed on');
  });

  it('is passed on when it is nested deeper than JavaScript can follow', () => {
    let deep: object = { proof: {} };
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(codeOf(deep)).toBe('passed on');
  });
});

describe('the address in a sentence', () => {
  it.each([
    ['Voici mon badge : https://a.example/b/1.', 'https://a.example/b/1'],
    ['(voir https://a.example/b/1?lang=fr)', 'https://a.example/b/1?lang=fr'],
    ['« https://a.example/b/1 »', 'https://a.example/b/1'],
    ['https://a.example/1 and again https://a.example/1', 'https://a.example/1'],
    ['https://a.example/1 or https://a.example/2', undefined],
    ['no address', undefined],
    ['{"type":"Assertion","id":"https://a.example/1"}', undefined],
    ['<a href="https://a.example/1">x</a>', undefined],
  ])('of %j is %j', (sentence, address) => expect(addressIn(sentence)).toBe(address));
});
