import type { InsideReport } from './badges-inside.js';
import { formatReport } from './format-report.js';
import { type MessageCode, messages } from './messages.js';
import { limitTexts } from './messages-around.js';
import {
  type Answer,
  type CheckName,
  checkOf,
  failed,
  passed,
  reportOf,
  unknown,
  type Verdict,
  verdictOfItself,
} from './report.js';
import { insideText, isSuspended, verdictText } from './verdict-text.js';

const sound = (
  ['parse', 'context', 'schema', 'links', 'issuer', 'proof', 'dates', 'status'] as CheckName[]
).map((name) => checkOf(name, passed('read')));

describe('what a terminal shows of one badge', () => {
  const told = (given: object, checks = sound) => formatReport({ ...reportOf(checks), ...given }, 'fr');

  it('names first whose badge it is, by name before e-mail, in the reader’s language', () => {
    const subject = { id: 'urn:uuid:1', name: 'Lou EXEMPLE', email: 'lou@example.org' };
    expect(told({ subject }).split('\n').slice(0, 2)).toEqual([
      '✓ Badge authentique',
      '  Remis à : Lou EXEMPLE',
    ]);
    expect(told({ subject: { email: 'lou@example.org' } })).toContain('\n  Remis à : lou@example.org\n');
    expect(formatReport({ ...reportOf(sound), subject }, 'en')).toContain('\n  Given to: Lou EXEMPLE\n');
    expect(told({ subject: { id: 'urn:uuid:1' } })).not.toContain('Remis à');
  });

  it('tells of results below the issuer, in the badge’s words, and beside each badge of a record', () => {
    const code = 'result_below_required' as const;
    const note = { code, detail: messages[code], path: '/x', name: 'Note', achieved: 'D', required: 'C' };
    const line = `! Note : D (demandé : C) – ${messages[code].fr}`;
    expect(told({ issuer: { id: 'did:x' }, results: [note] })).toContain(
      `\n  Émetteur annoncé : did:x\n  ${line}\n`,
    );
    const badge = { verdict: 'authentic', code: 'signature_fits', detail: messages.read, name: 'Word' };
    expect(told({ badges: [{ ...badge, results: [note] }] })).toContain(
      `\n  1. ✓ Badge authentique : Word\n     ${line}\n`,
    );
    expect(formatReport({ ...reportOf(sound), results: [{ ...note, name: undefined }] }, 'en')).toContain(
      `\n  ! A result: D (asked for: C) – ${messages[code].en}\n`,
    );
    expect(told({ results: [{ ...note, achieved: 'D\u001b[2J\n✓' }] })).not.toContain('\u001b');
  });

  describe('repeats no name', () => {
    const forged = sound.map((check) =>
      check.name === 'proof' ? checkOf('proof', failed('signature_wrong')) : check,
    );
    const given = {
      subject: { name: 'Lou EXEMPLE' },
      credential: { name: 'Pilote de ligne', credentialSubject: { achievement: { name: 'Pilote' } } },
      issuer: { id: 'did:web:badges.example', name: 'École Exemple' },
    };
    const names = /Lou|Pilote|École/g;

    it('of a false badge, and tells what its issuer calls itself by its identifier', () => {
      const text = told(given, forged);
      expect(text.match(names)).toBeNull();
      expect(text).toContain('\n  Émetteur annoncé : did:web:badges.example\n');
      expect(text).toContain(messages.signature_wrong.fr);
      const older = { ...given, credential: {}, badgeClass: { name: 'Pilote' } };
      expect(told(older, forged).match(names)).toBeNull();
    });

    it('but of any other does, also of one that is withdrawn, over or could not be checked', () => {
      for (const answer of [failed('revoked'), unknown('status_retrieval_error'), passed('read')])
        expect(told(given, [...sound.slice(0, -1), checkOf('status', answer)]).match(names)).toEqual([
          'Lou',
          'Pilote',
          'École',
        ]);
    });

    it('of a false badge in a record that holds, but those of the record and of its other badges', () => {
      const inside = (verdict: Verdict, name: string): InsideReport => ({
        verdict,
        code: 'read',
        detail: messages.read,
        name,
      });
      const badges = [
        inside('authentic', 'Word'),
        inside('not_authentic', 'Excel'),
        inside('withdrawn', 'Calc'),
      ];
      const text = told({ ...given, badges }, [...sound, checkOf('badges', failed('inside_broken'))]);
      expect(text.match(names)).toEqual(['Lou', 'Pilote', 'École']);
      expect(text).toContain('\n  2. ✗ Badge non authentique\n');
      expect(text).toContain('authentique : Word\n');
      expect(text).toContain('émetteur : Calc\n');
    });
  });

  it('ends with what was not checked and what no badge proves, a line each', () => {
    const limits = {
      notChecked: [limitTexts.recipient, limitTexts.evidence],
      notProven: [limitTexts.holder, limitTexts.quality],
    };
    expect(told(limits).split('\n\n').slice(2)).toEqual([
      '  Ce que nous n’avons pas vérifié :\n' +
        '  - À qui est le badge : aucun nom ni adresse n’a été donné à comparer.\n' +
        '  - Les preuves et les pages vers lesquelles le badge renvoie.',
      '  Ce qu’un badge ne prouve pas :\n' +
        '  - Que la personne qui montre le badge est celle à qui il a été remis.\n' +
        '  - Que l’évaluation a été bien faite.',
    ]);
    const english = formatReport({ ...reportOf(sound), ...limits }, 'en');
    expect(english).toContain('\n  What we did not check:\n  - Whose badge it is');
    expect(english).toContain('\n  What no badge proves:\n  - That the person who shows');
    expect(told({ notChecked: [], notProven: limits.notProven })).not.toContain('pas vérifié');
  });

  it('takes what would steer the terminal out of the name and of what was not checked', () => {
    const text = told({
      subject: { name: 'Lou\u001b[2J\u202e\n✓ Badge' },
      notChecked: [limitTexts.extension('a\u001b]0;x\u0007\n✓')],
    });
    for (const character of '\u001b\u202e\u0007') expect(text).not.toContain(character);
    expect(text.split('\n').filter((line) => line.startsWith('✓'))).toEqual(['✓ Badge authentique']);
  });
});

describe('what people read first', () => {
  it('is a word of its own when only the issuer is unknown, or only the person is another', () => {
    const stranger = reportOf([...sound, checkOf('identity', unknown('identity_bare_key'))]);
    expect(stranger.verdict).toBe('cannot_check');
    expect(verdictText(stranger, 'fr')).toBe('? Signature juste, mais personne ne sait qui a émis ce badge');
    const other = reportOf([...sound, checkOf('recipient', failed('recipient_other'))]);
    expect(other.verdict).toBe('cannot_check');
    expect(verdictText(other, 'en')).toBe(
      '? Sound signature, but nothing shows that this badge is this person’s',
    );
  });

  it('is the plain word when more than that is open', () => {
    const both = reportOf([
      ...sound,
      checkOf('identity', unknown('identity_unknown')),
      checkOf('recipient', failed('recipient_other')),
    ]);
    expect(verdictText(both, 'en')).toBe('? Could not be checked now');
  });

  it('stays green beside a false endorsement or a refresh service that is away', () => {
    const report = reportOf([
      ...sound,
      checkOf('endorsements', failed('endorsement_broken')),
      checkOf('refresh', unknown('refresh_unreachable')),
    ]);
    expect(verdictText(report, 'en')).toBe('✓ Authentic badge');
    expect(formatReport(report, 'en')).toContain('An endorsement it carries is false');
  });

  describe('of a record', () => {
    const record = { type: ['VerifiableCredential', 'ClrCredential'] };
    const inside = (verdict: Verdict, code: MessageCode = 'revoked'): InsideReport => ({
      verdict,
      code,
      detail: messages[code],
    });
    const told = (answer: Answer, badges: InsideReport[], language: 'fr' | 'en') =>
      verdictText({ ...reportOf([...sound, checkOf('badges', answer)], record), badges }, language);

    it('counts its badges by their answers, the worst first', () => {
      const badges = [
        inside('authentic'),
        inside('withdrawn'),
        inside('not_authentic'),
        inside('withdrawn', 'suspended'),
        inside('withdrawn'),
      ];
      expect(told(failed('inside_broken'), badges, 'fr')).toBe(
        '✗ Relevé de 5 badges : 1 non authentique, 2 retirés, 1 suspendu, 1 authentique',
      );
      expect(told(failed('inside_broken'), badges, 'en')).toBe(
        '✗ Record of 5 badges: 1 not authentic, 2 withdrawn, 1 suspended, 1 authentic',
      );
      const over = [inside('authentic'), inside('expired', 'expired')];
      expect(told(failed('inside_expired'), over, 'fr')).toBe(
        '✗ Relevé de 2 badges : 1 expiré, 1 authentique',
      );
      expect(told(unknown('inside_cannot_check'), [inside('cannot_check')], 'en')).toBe(
        '? Record of 1 badge: 1 that could not be checked',
      );
    });

    it('counts those that nobody looked at, too', () => {
      expect(told(unknown('inside_too_many', '3'), [inside('authentic')], 'fr')).toBe(
        '? Relevé de 3 badges : 2 impossibles à vérifier, 1 authentique',
      );
    });

    it('is green when it and its badges are, and says first what decides: itself or a badge in it', () => {
      const badges = [inside('authentic'), inside('authentic')];
      expect(told(passed('inside_sound'), badges, 'fr')).toBe('✓ Relevé authentique, comme ses 2 badges');
      expect(told(passed('inside_sound'), badges.slice(1), 'en')).toBe(
        '✓ Authentic record, and so is its badge',
      );
      const over = sound.map((check) =>
        check.name === 'dates' ? checkOf('dates', failed('expired')) : check,
      );
      expect(
        verdictText(
          {
            ...reportOf([...over, checkOf('badges', failed('inside_broken'))], record),
            badges: [inside('not_authentic')],
          },
          'fr',
        ),
      ).toBe('✗ Relevé de 1 badge : 1 non authentique');
    });

    it('of somebody nobody knows is called a record, beside badges that hold', () => {
      const report = reportOf([...sound, checkOf('identity', unknown('identity_bare_key'))], record);
      expect(verdictText({ ...report, badges: [inside('authentic')] }, 'fr')).toBe(
        '? Signature juste, mais personne ne sait qui a émis ce relevé – 1 badge : 1 authentique',
      );
    });

    it.each<[string, Answer, Verdict]>([
      ['false', failed('inside_broken'), 'not_authentic'],
      ['withdrawn', failed('inside_withdrawn'), 'withdrawn'],
      ['over', failed('inside_expired'), 'expired'],
      ['open', unknown('inside_cannot_check'), 'cannot_check'],
    ])('is as grave as a badge in it that is %s, though the record itself holds', (_, answer, verdict) => {
      const report = reportOf([...sound, checkOf('badges', answer)], record);
      expect([report.verdict, verdictOfItself(report)]).toEqual([verdict, 'authentic']);
    });

    it('says of a badge in it that expired besides that it is withdrawn or suspended', () => {
      const badge = inside('withdrawn', 'expired');
      expect(insideText(badge, 'fr')).toBe('✗ Badge retiré ou suspendu par son émetteur');
      expect(told(failed('inside_withdrawn'), [badge], 'en')).toContain('1 withdrawn or suspended');
    });

    it.each<[string, InsideReport[], Answer[], boolean]>([
      ['it is suspended and over', [inside('authentic')], [failed('suspended'), failed('expired')], false],
      ['a suspended badge in it is over', [inside('withdrawn', 'expired')], [], false],
      ['one badge in it is', [inside('authentic'), inside('withdrawn', 'suspended')], [], true],
      ['it is, itself', [inside('authentic')], [failed('suspended')], true],
      ['another badge is withdrawn', [inside('withdrawn', 'suspended'), inside('withdrawn')], [], false],
      ['another is over', [inside('withdrawn', 'suspended'), inside('expired', 'expired')], [], false],
      ['another is open', [inside('withdrawn', 'suspended'), inside('cannot_check')], [], false],
      ['which of the two is open', [inside('withdrawn', 'withdrawn_or_suspended')], [], false],
      ['it is withdrawn itself', [inside('withdrawn', 'suspended')], [failed('revoked')], false],
      ['it is over itself', [inside('withdrawn', 'suspended')], [failed('expired')], false],
    ])('is suspended as a badge is, and no more than that, when %s', (_, badges, own, expected) => {
      const nameOf = ({ code }: Answer) => (code === 'expired' ? 'dates' : 'status');
      const checks = sound.map((check) => {
        const answer = own.find((one) => nameOf(one) === check.name);
        return answer ? checkOf(check.name, answer) : check;
      });
      const answer = badges.some(({ verdict }) => verdict === 'withdrawn')
        ? failed('inside_withdrawn')
        : passed('inside_sound');
      const report = { ...reportOf([...checks, checkOf('badges', answer)], record), badges };
      expect([report.verdict, isSuspended(report)]).toEqual(['withdrawn', expected]);
      const more = { ...record, credentialSubject: { verifiableCredential: [...badges, {}] } };
      expect(isSuspended({ ...report, credential: more })).toBe(false);
    });

    it('names an endorsement as one, and each badge of a list by its own answer', () => {
      const endorsement = { type: ['VerifiableCredential', 'EndorsementCredential'] };
      expect(verdictText(reportOf(sound, endorsement), 'fr')).toBe('✓ Recommandation authentique');
      expect(insideText(inside('withdrawn', 'suspended'), 'fr')).toBe('✗ Badge suspendu par son émetteur');
      expect(insideText(inside('withdrawn'), 'en')).toBe('✗ Badge withdrawn by its issuer');
      const report = { ...reportOf([...sound, checkOf('badges', failed('inside_broken'))], record) };
      const lines = formatReport(
        { ...report, badges: [{ ...inside('authentic'), name: 'A\u001b[2J' }, inside('not_authentic')] },
        'en',
      );
      expect(lines).toContain('  1. ✓ Authentic badge: A [2J\n  2. ✗ Not an authentic badge');
    });
  });

  it('is no accusation of a signed document that is no badge', () => {
    const other = [
      ...sound.filter(({ name }) => name !== 'schema'),
      checkOf('schema', unknown('type_unknown')),
    ];
    const report = reportOf(other, { type: ['VerifiableCredential', 'UniversityDegreeCredential'] });
    expect([report.verdict, verdictText(report, 'fr')]).toEqual([
      'cannot_check',
      '? Signature juste, mais ce n’est pas un badge',
    ]);
    const known = reportOf([...other, checkOf('identity', unknown('identity_bare_key'))]);
    expect(verdictText(known, 'en')).toBe('? Sound signature, but this is no badge');
    const withdrawn = other.map((check) =>
      check.name === 'status' ? checkOf('status', failed('revoked')) : check,
    );
    expect(verdictText(reportOf(withdrawn), 'en')).toBe('? This is no badge');
    const forged = other.map((check) =>
      check.name === 'proof' ? checkOf('proof', failed('signature_wrong')) : check,
    );
    expect(reportOf(forged).verdict).toBe('not_authentic');
  });

  it('keeps withdrawn and false before everything else', () => {
    const identity = checkOf('identity', unknown('identity_bare_key'));
    const withdrawn = sound.map((check) =>
      check.name === 'status' ? checkOf('status', failed('revoked')) : check,
    );
    expect(reportOf([...withdrawn, identity]).verdict).toBe('withdrawn');
    const forged = sound.map((check) =>
      check.name === 'proof' ? checkOf('proof', failed('signature_wrong')) : check,
    );
    expect(reportOf([...forged, identity]).verdict).toBe('not_authentic');
  });

  it('is never authentic while one of the questions that must hold has no answer', () => {
    for (const { name } of sound) {
      const open = sound.map((check) =>
        check.name === name ? checkOf(name, unknown('key_not_available')) : check,
      );
      const absent = sound.filter((check) => check.name !== name);
      for (const checks of [open, absent]) expect(reportOf(checks).verdict).toBe('cannot_check');
    }
  });
});
