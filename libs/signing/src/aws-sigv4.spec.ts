import { type AwsRequest, signAwsRequest } from './aws-sigv4.js';

// The credentials, instant and expected signatures of AWS's Signature Version 4 test suite and documentation.
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const at = new Date('2015-08-30T12:36:00Z');
const suite = { region: 'us-east-1', service: 'service' };
const request = (given: Partial<AwsRequest> = {}): AwsRequest => ({
  method: 'GET',
  url: 'https://example.amazonaws.com/',
  headers: {},
  body: '',
  ...given,
});
const signatureOf = (given: Partial<AwsRequest>, scope = suite): string | undefined =>
  /Signature=([0-9a-f]{64})$/.exec(
    signAwsRequest(request(given), scope, credentials, at).authorization!,
  )?.[1];

describe('AWS Signature Version 4', () => {
  it.each([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'get-vanilla-query-order-key-case',
      { url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'post-x-www-form-urlencoded',
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'Param1=value1',
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('signs the published vector %s', (_, given, signature) => {
    expect(signatureOf(given)).toBe(signature);
  });

  it('signs the example of the documentation, IAM ListUsers', () => {
    const listUsers = {
      url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    };
    expect(signatureOf(listUsers, { region: 'us-east-1', service: 'iam' })).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('names every signed header and sends the time and a session token', () => {
    const headers = signAwsRequest(
      request({ headers: { 'X-Amz-Target': 'TrentService.Decrypt' } }),
      suite,
      { ...credentials, sessionToken: 'the token' },
      at,
    );
    expect(headers).toMatchObject({ 'x-amz-date': '20150830T123600Z', 'x-amz-security-token': 'the token' });
    expect(headers.authorization).toContain(
      'Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target, ',
    );
  });

  it('gives another signature for another body, header, path or day', () => {
    const given = [
      {},
      { body: 'x' },
      { headers: { a: 'b' } },
      { headers: { a: 'c' } },
      { url: 'https://example.amazonaws.com/a' },
      { url: 'https://example.amazonaws.com/?a=b' },
    ];
    expect(new Set(given.map((one) => signatureOf(one))).size).toBe(given.length);
  });
});
