import fc from 'fast-check';
import { OAuthRefusal, readTokenRequest } from './token-request.js';

const type = 'application/x-www-form-urlencoded; charset=utf-8';
const grant = { grant_type: 'client_credentials' };
const basic = (clientId: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;

function refusal(body: unknown, authorization?: string, mediaType: string | undefined = type): OAuthRefusal {
  try {
    readTokenRequest(body, authorization, mediaType);
  } catch (error) {
    if (error instanceof OAuthRefusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('reading a request for a token', () => {
  it('finds the same client in the form and in the header, whatever its secret holds', () => {
    const secrets = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(secrets, (secret) => {
        const inForm = readTokenRequest(
          { ...grant, client_id: 'client-a', client_secret: secret },
          undefined,
          type,
        );
        const inHeader = readTokenRequest(grant, basic('client-a', secret), type);
        expect([inForm.clientId, inForm.secret]).toEqual(['client-a', secret]);
        expect([inHeader.clientId, inHeader.secret]).toEqual(['client-a', secret]);
      }),
    );
  });

  it('tells no scope from some, and takes spaces as they come', () => {
    const scopesOf = (scope?: string) =>
      readTokenRequest({ ...grant, ...(scope !== undefined && { scope }) }, basic('a', 'b'), type).scopes;
    expect([scopesOf(), scopesOf(''), scopesOf(' '), scopesOf('a  b ')]).toEqual([
      undefined,
      undefined,
      undefined,
      ['a', 'b'],
    ]);
  });

  it('takes a client id beside Basic only when it is the same one', () => {
    expect(readTokenRequest({ ...grant, client_id: 'a' }, basic('a', 'b'), type).clientId).toBe('a');
    expect(refusal({ ...grant, client_id: 'c' }, basic('a', 'b')).error).toBe('invalid_request');
  });

  it('refuses any other body with an error of the standard, never with another', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.option(fc.string(), { nil: undefined }), (body, authorization) => {
        const { error, status } = refusal(body, authorization);
        expect(['invalid_request', 'unsupported_grant_type']).toContain(error);
        expect(status).toBe(400);
      }),
    );
  });

  it('refuses a form that calls itself something else, or is too long', () => {
    expect(refusal(grant, basic('a', 'b'), 'application/json').error).toBe('invalid_request');
    expect(refusal(grant, basic('a', 'b'), 'application/x-www-form-urlencoded-not').error).toBe(
      'invalid_request',
    );
    expect(refusal({ ...grant, scope: 'x'.repeat(2_001) }, basic('a', 'b')).error).toBe('invalid_request');
  });

  it('never repeats a secret in what it answers', () => {
    expect(refusal({ ...grant, client_secret: 'hush' }, basic('a', 'hush')).description).not.toContain(
      'hush',
    );
  });
});
