import { formatReport, verdictText } from './format-report.js';
import { type CheckName, checkOf, failed, passed, reportOf, unknown } from './report.js';

const sound = (
  ['parse', 'context', 'schema', 'links', 'issuer', 'proof', 'dates', 'status'] as CheckName[]
).map((name) => checkOf(name, passed('read')));

describe('what people read first', () => {
  it('is a word of its own when only the issuer is unknown, or only the person is another', () => {
    const stranger = reportOf([...sound, checkOf('identity', unknown('identity_bare_key'))]);
    expect(stranger.verdict).toBe('cannot_check');
    expect(verdictText(stranger, 'fr')).toBe('? Signature juste, mais personne ne sait qui a émis ce badge');
    const other = reportOf([...sound, checkOf('recipient', failed('recipient_other'))]);
    expect(other.verdict).toBe('cannot_check');
    expect(verdictText(other, 'en')).toBe('? Sound badge, but nothing shows that it is this person’s');
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

  it('says at once how many badges of a record do not hold', () => {
    const inside = { code: 'revoked', detail: { fr: 'Retiré.', en: 'Withdrawn.' } } as const;
    const badges = (['authentic', 'withdrawn', 'not_authentic'] as const).map((verdict) => ({
      ...inside,
      verdict,
    }));
    expect(verdictText({ ...reportOf(sound), badges }, 'en')).toContain(
      '2 of the record’s 3 badges are false, over, withdrawn or could not be checked',
    );
    expect(verdictText({ ...reportOf(sound), badges }, 'fr')).toContain(
      'faux, périmés, retirés ou non vérifiables : 2 sur 3',
    );
    expect(verdictText({ ...reportOf(sound), badges: badges.slice(0, 1) }, 'en')).not.toContain('record');
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
