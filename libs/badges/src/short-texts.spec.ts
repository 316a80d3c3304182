import fc from 'fast-check';
import { anArchivedCredential } from './archive/builders.spec-support.js';
import { type SecuredTexts, shortTexts, wholeTexts } from './short-texts.js';

const again = (texts: SecuredTexts): SecuredTexts => ({
  payload: texts.payload,
  ...wholeTexts(texts.payload, shortTexts(texts)),
});

describe('the short form of a signed credential', () => {
  let signed: SecuredTexts;

  beforeAll(async () => {
    const { payload, document, jwt } = await anArchivedCredential();
    signed = { payload, document, jwt };
  });

  it('is the proof and three parts of the JWT, and gives both back to the byte', () => {
    const short = shortTexts(signed);
    expect(short).toEqual({ proof: expect.any(String), jwtParts: expect.any(Array) });
    expect(JSON.parse(short.proof!)).toEqual(JSON.parse(signed.document).proof);
    expect(again(signed)).toEqual(signed);
  });

  it('keeps no word of the content', () => {
    const { achievement } = JSON.parse(signed.payload).credentialSubject;
    const text = JSON.stringify(shortTexts(signed));
    expect(signed.document).toContain(achievement.id);
    expect(text).not.toContain(achievement.id);
    expect(text.length).toBeLessThan(signed.payload.length / 2);
  });

  it('is the same when the payload comes encoded already, and never trusts another one', () => {
    const content = Buffer.from(signed.payload.slice(0, -1));
    const whole = content.length - (content.length % 3);
    const encoded = { encoded: content.toString('base64url', 0, whole), rest: content.subarray(whole) };
    expect(shortTexts(signed, encoded)).toEqual(shortTexts(signed));
    const other = shortTexts(signed, { ...encoded, encoded: `A${encoded.encoded.slice(1)}` });
    expect(other.jwt).toBe(signed.jwt);
    expect(wholeTexts(signed.payload, other).jwt).toBe(signed.jwt);
  });

  it('keeps whole what is not made of the payload', () => {
    const spaced = signed.document.replace(',"proof":', ', "proof":');
    expect(shortTexts({ ...signed, document: spaced }).document).toBe(spaced);
    const [header, body, signature] = signed.jwt.split('.');
    for (const jwt of [
      `${header}.${body!.slice(0, -1)}.${signature}`,
      `${header}.${body}=.${signature}`,
      `${header}.${body}`,
      `${header}.${body}.${signature}.`,
      `${header}.A${body!.slice(1)}.${signature}`,
    ])
      expect(shortTexts({ ...signed, jwt }).jwt).toBe(jwt);
  });

  it('gives back a document in which one character is another, missing or one too many', () => {
    const payload = '{"a":"é"}';
    const document = '{"a":"é","proof":[1]}';
    const changed = [...document].flatMap((character, at) =>
      ['', 'x', character + character].map((other) => document.slice(0, at) + other + document.slice(at + 1)),
    );
    const noProof = '{"a":"é","proof":';
    for (const one of [document, ...changed, noProof, `${noProof}}`]) {
      const short = shortTexts({ ...signed, payload, document: one });
      expect(wholeTexts(payload, short).document).toBe(one);
    }
  });

  it('gives back any strings, also those that are no credential at all', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, (payload, document, jwt) => {
        const texts = { payload, document, jwt };
        expect(again(texts)).toEqual(texts);
      }),
    );
  });
});
