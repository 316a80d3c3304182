import { renderToString } from 'preact-render-to-string';
import type { BadgeReport } from '#verification';
import { anAssertion, aSignedAssertion, verifyOb2 } from '../../../../test/vectors/ob2-world.js';
import { VerifiedPage, VerifierPage } from './verifier-page.js';
import { type ProblemCode, verifierTexts } from './verifier-texts.js';

const keysOf = (value: object): string[] =>
  Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'object' ? keysOf(one as object).map((inner) => `${key}.${inner}`) : [key],
  );

const text = (fr: string, en = fr) => ({ fr, en });
const report = (parts: Partial<BadgeReport> = {}): BadgeReport => ({
  verdict: 'authentic',
  checks: [
    { name: 'parse', outcome: 'passed', code: 'read', detail: text('Lu.', 'Read.') },
    { name: 'proof', outcome: 'passed', code: 'signature_fits', detail: text('Signé.', 'Signed.') },
  ],
  credential: { id: 'urn:uuid:1', name: 'Courriel' },
  issuer: { id: 'did:key:z6Mk', name: 'École <b>X</b>' },
  notChecked: [text('Les preuves.', 'The evidence.')],
  notProven: [text('Son identité.', 'Who it is.')],
  ...parts,
});

describe.each(['fr', 'en'] as const)('the verifier in %s', (language) => {
  const words = verifierTexts[language];

  it('has every text', () => {
    expect(keysOf(words)).toEqual(keysOf(verifierTexts.fr));
    expect(JSON.stringify(words)).not.toMatch(/:""/);
  });

  it.each(Object.keys(verifierTexts.fr.problems) as ProblemCode[])('tells %s beside the form', (problem) => {
    const html = renderToString(
      VerifierPage({ language, problem, script: '/s.js', given: { text: 'kept' } }),
    );
    expect(html).toContain(words.problems[problem].slice(0, 20));
    expect(html).toContain('role="alert"');
    expect(html).toContain('>kept</textarea>');
  });

  it('names every field for programs that read aloud', () => {
    const html = renderToString(VerifierPage({ language, script: '/s.js' }));
    const labelled = [...html.matchAll(/<label for="([a-z]+)"/g)].map(([, id]) => id);
    expect(labelled).toEqual(['text', 'file', 'name', 'email']);
    for (const id of labelled) expect(html).toContain(`id="${id}"`);
  });

  it('shows each check, what was left out and what no badge proves', () => {
    const html = renderToString(VerifiedPage({ language, report: report() }));
    expect(html).toContain(language === 'fr' ? 'Signé.' : 'Signed.');
    expect(html).toContain(language === 'fr' ? 'Les preuves.' : 'The evidence.');
    expect(html).toContain('Courriel');
    expect(html).toContain('École &lt;b');
    expect(html).not.toContain('<b>X');
  });

  it('gives the reason of any other verdict, and repeats nothing of a false badge', () => {
    const checks: BadgeReport['checks'] = [
      {
        name: 'proof',
        outcome: 'failed',
        code: 'signature_wrong',
        detail: text('Faux.', 'Wrong.'),
        remark: 'r',
      },
    ];
    const html = renderToString(
      VerifiedPage({ language, report: report({ verdict: 'not_authentic', checks }) }),
    );
    expect(html).toContain(language === 'fr' ? 'Faux.' : 'Wrong.');
    expect(html).not.toContain('Courriel');
    expect(html).not.toContain('École');
  });

  it.each([
    ['hosted', anAssertion()],
    ['signed', aSignedAssertion()],
  ])('calls an Open Badge 2.0 by its name: %s', async (_form, given) => {
    const html = renderToString(VerifiedPage({ language, report: await verifyOb2(given) }));
    expect(html).toContain('verdict-authentic');
    expect(html).toContain('<h1><bdi>Envoyer un courriel</bdi></h1>');
    expect(html).not.toContain(words.unbelievable);
  });

  it('says that a badge has no title, and of a false one alone that it does not pass', () => {
    for (const verdict of ['authentic', 'expired', 'withdrawn', 'cannot_check'] as const) {
      const html = renderToString(VerifiedPage({ language, report: report({ verdict, credential: {} }) }));
      expect(html).toContain(`<h1>${words.untitled}</h1>`);
    }
    const html = renderToString(VerifiedPage({ language, report: report({ verdict: 'not_authentic' }) }));
    expect(html).toContain(`<h1>${words.unbelievable}</h1>`);
  });

  it('leads to the page of our own badge', () => {
    const html = renderToString(
      VerifiedPage({ language, report: report(), ownPage: 'http://a.example/b/1' }),
    );
    expect(html).toContain('href="http://a.example/b/1"');
  });
});
