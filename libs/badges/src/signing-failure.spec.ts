import { isPassing } from '#platform';
import { KeyServiceUnavailable } from '#signing';
import { ClockDrift } from './clock-guard.js';
import { explain, explainWaiting, WorkerLost } from './signing-failure.js';

describe('what passes by itself', () => {
  it('is a key service that is away and a clock that is wrong, and no other refusal of ours', () => {
    expect(isPassing(new KeyServiceUnavailable('kms', 'it does not answer'))).toBe(true);
    expect(isPassing(new ClockDrift(90_000))).toBe(true);
    expect(isPassing(new WorkerLost())).toBe(false);
  });
});

describe('the reason of a dead letter', () => {
  it('is told in French and English, with what to do', () => {
    for (const code of ['signing_key_unavailable', 'worker_lost', 'signing_failed']) {
      const { detail } = explain(code);
      expect(detail.fr).toMatch(/puis relancez/);
      expect(detail.en).toMatch(/then retry/);
    }
  });

  it('keeps an unknown code and tells it in general words', () => {
    expect(explain('key_service_away')).toEqual({
      code: 'key_service_away',
      detail: explain('signing_failed').detail,
    });
  });
});

describe('the reason why something waits', () => {
  it.each([
    ['KeyServiceUnavailable key_service_unavailable', /service de clés/, /key service/],
    [
      'KeyServiceCredentialsRefused key_service_credentials_refused',
      /ne passe pas tout seul : donnez-en de valables/,
      /does not pass by itself: give valid ones/,
    ],
    ['KeyServicePinRefused key_service_pin_refused', /redémarrez le worker/, /restart the worker/],
    ['ClockDrift clock_drift', /horloge/, /clocks/],
    ['ArchiveUnavailable archive_unavailable', /dossier de l'archive/, /archive folder/],
    ['Error ENOSPC', /disque/, /disk/],
    ['Error ESTALE', /disque/, /disk/],
    ['QueryFailedError 53100', /disque/, /disk/],
    ['Error ECONNREFUSED', /ne répondait pas/, /did not answer/],
    ['QueryFailedError 57P01', /ne répondait pas/, /did not answer/],
    ['SigningKeyUnavailable signing_key_unavailable', /INSIGNE_KEY_SERVICE/, /INSIGNE_KEY_SERVICE/],
  ])('is told of %s in French and English', (lastError, fr, en) => {
    const told = explainWaiting(lastError);
    expect(told?.fr).toMatch(fr);
    expect(told?.en).toMatch(en);
  });

  it('is not guessed', () => {
    for (const lastError of ['QueryFailedError P0001', 'TypeError', 'Error', '']) {
      expect(explainWaiting(lastError)).toBeUndefined();
    }
  });
});
