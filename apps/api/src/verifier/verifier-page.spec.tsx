import { renderToString } from 'preact-render-to-string';
import type { BadgeReport, Verdict } from '#verification';
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
    expect(html.includes(words.problem)).toBe(!/too_(large|many)/.test(problem));
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

  it('tells of results before the checks, in the badge’s words, and of a false badge nothing', () => {
    const note = {
      code: 'result_below_required' as const,
      detail: text('Au-dessous.', 'Below.'),
      path: '/credentialSubject/result/0',
      name: 'Note <i>\u202efinale',
      achieved: 'D',
      required: 'C',
    };
    const checks: BadgeReport['checks'] = [
      { name: 'links', outcome: 'passed', code: note.code, detail: note.detail },
    ];
    const html = renderToString(
      VerifiedPage({ language, report: report({ results: [note], checks }) }),
    ).replaceAll('\u00a0', ' ');
    expect(html).toContain('notice warning results');
    expect(html).toContain(language === 'fr' ? 'D (demandé : C)' : 'D (asked for: C)');
    expect(html).toMatch(/Note &lt;i.* finale/);
    expect(html).not.toContain('\u202e');
    expect(html.indexOf(words.results)).toBeLessThan(html.indexOf('class="checks"'));
    expect(html).toContain('<li class="check-note">');
    const milder = report({ results: [{ ...note, code: 'result_not_compared' }] });
    expect(renderToString(VerifiedPage({ language, report: milder }))).toContain('class="notice results"');
    const forged = report({ verdict: 'not_authentic', results: [note] });
    expect(renderToString(VerifiedPage({ language, report: forged }))).not.toContain('finale');
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
    expect(html).not.toContain(words.unbelievable.badge);
  });

  it('says that a badge has no title, and of a false one alone that it does not pass', () => {
    for (const verdict of ['authentic', 'expired', 'withdrawn', 'cannot_check'] as const) {
      const html = renderToString(VerifiedPage({ language, report: report({ verdict, credential: {} }) }));
      expect(html).toContain(`<h1><span>${words.untitled}</span></h1>`);
    }
    const html = renderToString(VerifiedPage({ language, report: report({ verdict: 'not_authentic' }) }));
    expect(html).toContain(`<h1><span>${words.unbelievable.badge}</span></h1>`);
  });

  it('shows a record as grave as its worst badge, which comes first, and repeats nothing of a false one', () => {
    const inside = (verdict: Verdict, name: string, detail = text('Raison.', 'Reason.')) => ({
      ...{ verdict, name, detail, code: 'revoked' as const },
      by: { id: 'did:web:a.example', name: `Issuer of ${name}` },
    });
    const checks: BadgeReport['checks'] = (
      ['parse', 'context', 'schema', 'links', 'issuer', 'proof', 'dates', 'status'] as const
    ).map((name) => ({ name, outcome: 'passed', code: 'read', detail: text('Lu.', 'Read.') }));
    checks.push({
      name: 'badges',
      outcome: 'failed',
      code: 'inside_broken',
      detail: text('Faux.', 'False.'),
    });
    const record = report({
      verdict: 'not_authentic',
      checks,
      credential: { type: ['VerifiableCredential', 'ClrCredential'], name: 'Tous mes badges' },
      badges: [inside('authentic', 'Good'), inside('withdrawn', 'Gone'), inside('not_authentic', 'Pilot')],
    });
    const html = renderToString(VerifiedPage({ language, report: record }));
    expect(html).toContain('verdict-not_authentic');
    expect(html.replaceAll('\u00a0', ' ')).toContain(
      language === 'fr'
        ? 'Relevé de 3 badges : 1 non authentique, 1 retiré, 1 authentique'
        : 'Record of 3 badges: 1 not authentic, 1 withdrawn, 1 authentic',
    );
    expect(html).toContain(words.recordItself);
    expect(html).toContain('<h1><bdi>Tous mes badges</bdi></h1>');
    expect(html).not.toMatch(/Pilot/);
    const order = [...html.matchAll(/class="inside-([a-z_]+)"><svg/g)].map(([, verdict]) => verdict);
    expect(order).toEqual(['not_authentic', 'withdrawn', 'authentic']);
    expect(html.indexOf('class="inside"')).toBeLessThan(html.indexOf('class="checks"'));
  });

  it('shows badges of a presentation one by one under a heading of their own, with who shows them', () => {
    const check = (name: 'parse' | 'presented' | 'badges', outcome: 'passed' | 'unknown') => ({
      ...{ name, outcome, code: 'read' as const, detail: text(`${name}.`) },
    });
    const badge = { name: 'Word', detail: text('Oui.'), code: 'signature_fits' as const };
    const badges = [{ ...badge, verdict: 'authentic' as const }];
    const shown = report({
      checks: [check('parse', 'passed'), check('presented', 'unknown'), check('badges', 'passed')],
      badges: [...badges, ...badges],
    });
    const { credential: _credential, issuer: _issuer, ...without } = shown;
    const html = renderToString(VerifiedPage({ language, report: without })).replaceAll('\u00a0', ' ');
    expect(html).toContain(
      language === 'fr' ? 'Les 2 badges montrés sont authentiques' : 'All 2 badges shown are authentic',
    );
    expect(html).toContain(`<h1><bdi>${words.shown}</bdi></h1>`);
    expect(html).toContain(words.shownBadges);
    expect(html).toContain(words.shownEach);
    expect(html).not.toContain(words.badges);
    expect(html).toMatch(/class="check-unknown">.*presented\./);
  });

  it('says in the headline’s sentence what decided, and nothing that stands beside the verdict', () => {
    const checks: BadgeReport['checks'] = [
      { name: 'identity', outcome: 'unknown', code: 'identity_bare_key', detail: text('Une clé.') },
      { name: 'presented', outcome: 'failed', code: 'signature_wrong', detail: text('À côté.') },
    ];
    const html = renderToString(
      VerifiedPage({ language, report: report({ verdict: 'cannot_check', checks }) }),
    );
    expect(html).toContain('<p class="verdict-sentence">Une clé.</p>');
  });

  it('accuses no document of another kind, and says what to do with it', () => {
    const html = renderToString(
      VerifiedPage({
        language,
        report: report({
          verdict: 'cannot_check',
          checks: [
            { name: 'proof', outcome: 'passed', code: 'signature_fits', detail: text('Signé.', 'Signed.') },
            { name: 'schema', outcome: 'unknown', code: 'type_unknown', detail: text('Autre.', 'Other.') },
          ],
          credential: { type: ['VerifiableCredential', 'UniversityDegreeCredential'] },
        }),
      }),
    );
    expect(html).toContain(
      language === 'fr'
        ? 'Signature juste, mais ce n’est pas un badge'
        : 'Sound signature, but this is no badge',
    );
    expect(html).toContain(words.noBadge);
    expect(html).toContain(`<h1><span>${words.untitled}</span></h1>`);
  });

  it('lets a text of any length be sent whole, so that half of one is never judged', () => {
    expect(renderToString(VerifierPage({ language, script: '/s.js' }))).not.toMatch(
      /<textarea[^>]*maxlength/i,
    );
  });

  it('leads to the page of our own badge', () => {
    const html = renderToString(
      VerifiedPage({ language, report: report(), ownPage: 'http://a.example/b/1' }),
    );
    expect(html).toContain('href="http://a.example/b/1"');
  });
});
