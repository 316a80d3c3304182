import { anAssertion, aSignedAssertion } from '../../../test/vectors/ob2-world.js';
import { anEndorsement, aRecord } from '../../../test/vectors/statements.js';
import { aBadge, signed, signedJwt } from '../../../test/vectors/world.js';
import { Fetcher } from './fetcher.js';
import { recognise } from './recognise.js';

class NoWeb extends Fetcher {
  fetch(): Promise<never> {
    throw new Error('nothing is asked to recognise a text');
  }
}

const degree = { type: ['VerifiableCredential', 'UniversityDegreeCredential'] };
const older = { '@context': ['https://www.w3.org/2018/credentials/v1'] };

describe('the form in which something is handed in', () => {
  it.each<[string, () => Promise<object | string> | object | string, string, string]>([
    ['a signed badge', () => signed(), 'ob3_embedded', 'Open Badge 3.0, signature inside the document'],
    ['a badge without a signature', () => aBadge(), 'ob3_embedded', 'Open Badge 3.0, without a signature'],
    ['a JWT', () => signedJwt(), 'ob3_jwt', 'Open Badge 3.0, as a JWT'],
    [
      'the older shape',
      () => aBadge(older),
      'vc11_embedded',
      'Open Badge 3.0 of the older shape (VC 1.1), without a signature',
    ],
    [
      'an endorsement',
      () => signedJwt(anEndorsement()),
      'ob3_jwt',
      'Endorsement (Open Badges 3.0), as a JWT',
    ],
    ['a record', () => aRecord(), 'ob3_embedded', 'Record of badges (CLR 2.0), without a signature'],
    ['another credential', () => aBadge(degree), 'vc_embedded', 'Verifiable Credential, without a signature'],
    ['another credential', () => signedJwt(aBadge(degree)), 'vc_jwt', 'Verifiable Credential, as a JWT'],
    [
      'what is no credential',
      () => ({ proof: {} }),
      'vc_embedded',
      'Document, signature inside the document',
    ],
    ['a hosted assertion', () => anAssertion(), 'ob2_hosted', 'Open Badge 2.0, hosted by its issuer'],
    ['a signed assertion', () => aSignedAssertion(), 'ob2_signed', 'Open Badge 2.0, signed'],
  ])('is named no more closely than is known: %s', async (_, given, name, text) => {
    const { format } = await recognise(await given(), new NoWeb());
    expect([format.name, format.carrier, format.text.en]).toEqual([name, 'text', text]);
  });
});
