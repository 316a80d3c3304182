import { renderToString } from 'preact-render-to-string';
import type { DeadLetter, IssuanceOperations } from '#badges';
import type { Language } from '#platform';
import { aWorker, operationsWith } from '../../../../test/support/sample-operations.js';
import { OperationsPage } from './operations-page.js';

const aLetter = (given: Partial<DeadLetter> = {}): DeadLetter => ({
  id: '0192b3a0-0000-7000-8000-000000000001',
  kind: 'failed',
  organisation: { slug: 'licorne', publicName: 'La Licorne' },
  badges: ['B-CE-1'],
  statements: [],
  credentials: 1,
  code: 'signing_key_unavailable',
  detail: { fr: 'Vérifiez le service de clés.', en: 'Check the key service.' },
  since: '2026-10-05T08:30:00.000Z',
  attempts: 5,
  lastError: 'QueryFailedError P0001',
  canRetry: true,
  isSuccessor: false,
  ...given,
});
const html = (given: Partial<IssuanceOperations> = {}, language: Language = 'en'): string =>
  renderToString(
    OperationsPage({
      view: {
        operations: operationsWith(given),
        engine: 'postgres',
        jobs: { active: 0 },
        csrf: 'token',
        isLive: false,
        retried: undefined,
      },
      language,
    }),
  );

describe('the first sentence of the operations page', () => {
  it('is calm only while somebody would sign', () => {
    expect(html()).toContain('All is well: nothing waits.');
    const stopped = html({ workers: [aWorker({ isAlive: false })] });
    expect(stopped).not.toContain('All is well');
    expect(stopped).toContain('no worker runs');
    expect(html({ workers: [] }, 'fr')).toContain('aucun worker ne tourne');
    expect(html({ workers: [], waitingBatches: 1, waitingCredentials: 8 })).toContain(
      'nothing can be signed',
    );
  });

  it('has a picture of its own for what is well, under way, or in need of somebody', () => {
    const pictureOf = (page: string): string | undefined =>
      /class="ops-state [^"]+"><svg[^>]*><path d="([^"]+)"/.exec(page)?.[1];
    const pictures = [{}, { waitingBatches: 1 }, { refusedCount: 1 }].map((given) => pictureOf(html(given)));
    expect(pictures.every(Boolean)).toBe(true);
    expect(new Set(pictures).size).toBe(3);
  });

  it('is not calm while a change of status is late, and says what to do', () => {
    const late = { statusListsWaiting: 1, statusChangesWaiting: 1, oldestStatusChangeSeconds: 180 };
    const [fr, en] = [html(late, 'fr'), html(late)].map((page) => page.replaceAll('\u00a0', ' '));
    expect(en).not.toContain('All is well');
    expect(en).toContain('has not been signed for 3 min');
    expect(en).toContain('Read worker.log');
    expect(en).toContain('<dt>Changes of status to sign</dt><dd>1<small>for 3 min</small></dd>');
    expect(fr).not.toContain('Tout va bien');
    expect(fr).toContain("n'est pas signé depuis 3 min");
    expect(html()).not.toContain('Changes of status');
  });

  it('says the cause and what to do once, and below who suffers from it', () => {
    const error = 'QueryFailedError 53100';
    const nord = { slug: 'nord', publicName: 'Nord', batches: 1, credentials: 8, statements: 0 };
    const given = {
      waitingBatches: 1,
      waitingCredentials: 8,
      unsignedSeconds: 90,
      standingErrors: [{ error, batches: 1, heldSeconds: 90 }],
      organisations: [{ ...nord, lastError: error }],
      workers: [aWorker({ warning: `list_not_signed ${error}` })],
    };
    const [en, fr] = [html(given), html(given, 'fr')];
    expect(en.match(/A disk is full/g)).toHaveLength(1);
    expect(en).toContain('<p class="warning">The cause is told at the top of the page.</p>');
    expect(en).toContain('<p class="warning">A worker no longer manages to sign a status list.</p>');
    expect(fr.match(/Le disque est plein/g)).toHaveLength(1);
    expect(fr).toContain('<p class="warning">La cause est dite en haut de la page.</p>');
    const another = html({
      ...given,
      organisations: [{ ...nord, lastError: 'KeyServiceUnavailable key_service_unavailable' }],
      workers: [aWorker({ warning: 'list_not_signed ArchiveUnavailable archive_unavailable' })],
    });
    expect(another).toContain('The key service does not answer');
    expect(another).toContain('The archive folder cannot be written');
    expect(another).not.toContain('told at the top');
  });

  it('tells when it was made', () => {
    expect(html()).toContain('As of 5 October 2026');
    expect(html({}, 'fr')).toContain('État du 5 octobre 2026');
  });
});

describe('the figures', () => {
  it('name their unit, and say nothing of batches when there are none', () => {
    expect(html()).not.toMatch(/<small>/);
    expect(html()).toContain('<dt>Batches running</dt><dd>0</dd>');
    expect(html({ waitingBatches: 3, waitingCredentials: 240 })).toContain('240<small>in 3 batches</small>');
    expect(html({ waitingBatches: 1, waitingCredentials: 8 }, 'fr')).toContain('8<small>en 1 lot</small>');
  });
});

describe('what waits beside badges', () => {
  const waitingStatements = { endorsement: 2, record: 1, credential: 0 };

  it('is counted by its kind, in both languages, and not told when there is none', () => {
    const page = html({ waitingBatches: 3, waitingStatements });
    expect(page).toContain('Under way: 2 endorsements, 1 record waiting');
    expect(page).toContain(
      '<dt>Other signatures waiting</dt><dd>3<small>2 endorsements, 1 record</small></dd>',
    );
    expect(html({ waitingBatches: 4, waitingCredentials: 8, waitingStatements }, 'fr')).toContain(
      '8 badges, 2 recommandations, 1 réunion de badges en attente',
    );
    expect(html()).not.toContain('Other signatures');
  });

  it('is part of what a structure has to sign', () => {
    const one = {
      slug: 'nord',
      publicName: 'Nord',
      batches: 2,
      credentials: 8,
      statements: 3,
      lastError: null,
    };
    expect(html({ organisations: [one] })).toMatch(/To sign<\/th>.*<td class="ops-number">11<\/td>/);
  });

  it('is told with the reason why, if it was tried in vain', () => {
    const one = { slug: 'nord', publicName: 'Nord', batches: 2, credentials: 8, statements: 0 };
    const of = (lastError: string | null, language?: Language): string =>
      html({ organisations: [{ ...one, lastError }] }, language);
    expect(of(null)).not.toContain('class="warning"');
    expect(of('KeyServiceUnavailable key_service_unavailable')).toContain('The key service does not answer');
    expect(of('KeyServiceUnavailable key_service_unavailable', 'fr')).toContain(
      'Le service de clés ne répond pas',
    );
    expect(of('QueryFailedError P0001')).toContain('QueryFailedError P0001');
  });

  it('is told with the clock that keeps a worker from its work', () => {
    expect(html({ workers: [aWorker({ warning: 'clock_drift' })] })).toContain('clock');
    expect(html({ workers: [aWorker({ warning: 'clock_drift' })] }, 'fr')).toContain('horloge');
  });
});

describe('a worker', () => {
  it('that signed none, one or more is told in the number of the language', () => {
    const signed = (count: number, language: Language): string =>
      /(\d+ badges? (?:signés?|signed))/.exec(
        html({ workers: [aWorker({ signed: count })] }, language).replaceAll('\u00a0', ' '),
      )![1]!;
    expect([0, 1, 2].map((count) => signed(count, 'fr'))).toEqual([
      '0 badge signé',
      '1 badge signé',
      '2 badges signés',
    ]);
    expect([0, 1, 2].map((count) => signed(count, 'en'))).toEqual([
      '0 badges signed',
      '1 badge signed',
      '2 badges signed',
    ]);
  });
});

describe('what waits for a decision', () => {
  it('that is final names commands, and no act that there is no command for', () => {
    const letter = aLetter({ kind: 'refused', code: 'payload_changed', canRetry: false });
    const given = { letters: [letter], refusedCount: 1 };
    expect(html(given)).toContain('insigne badge revoke');
    expect(html(given)).not.toContain('cancel the award');
    expect(html(given, 'fr')).toContain('insigne badge revoke');
    // To revoke a successor would revoke the badge that it was to replace.
    const successor = html({ ...given, letters: [{ ...letter, isSuccessor: true }] });
    expect(successor).toContain('insigne keys reissue');
    expect(successor).not.toContain('badge revoke');
  });

  it('breaks a long code where its words meet and nowhere else', () => {
    const page = html({ letters: [aLetter()], deadLetterCount: 1, retryableCount: 1 });
    expect(page).toContain('<code>signing_<wbr/>key_<wbr/>unavailable</code>');
    expect(page.replaceAll('<wbr/>', '')).toContain('signing_key_unavailable');
  });

  it('puts thirty letters of three reasons on three cards, with one button for all', () => {
    const codes = ['signing_key_unavailable', 'worker_lost', 'signing_failed'];
    const letters = Array.from({ length: 30 }, (_, at) => aLetter({ id: `id-${at}`, code: codes[at % 3]! }));
    const page = html({ letters, deadLetterCount: 30, retryableCount: 30 });
    expect(page.match(/<h3>/g)).toHaveLength(3);
    expect(page.match(/Retry these 10 batches/g)).toHaveLength(3);
    expect(page.match(/Retry all \(30\)/g)).toHaveLength(1);
    expect(page).toContain('30 decisions for you.');
  });

  it('names what is no badge as what it is, in both languages, without codes of badges', () => {
    const refused = { kind: 'refused' as const, badges: [], attempts: 1, lastError: null, code: 'lint_text' };
    const letters = [
      aLetter({ ...refused, id: 'a', statements: ['endorsement'] }),
      aLetter({ ...refused, id: 'b', statements: ['endorsement'] }),
      aLetter({ ...refused, id: 'c', statements: ['record'], canRetry: false }),
    ];
    const given = { letters, refusedCount: 3, retryableCount: 2 };
    const [en, fr] = [html(given), html(given, 'fr')];
    for (const words of ['2 endorsements', '1 record', 'Retry these 2 signatures', 'Withdraw what was to be'])
      expect(en).toContain(words);
    for (const words of ['2 recommandations', '1 réunion de badges', 'Relancer ces 2 signatures'])
      expect(fr).toContain(words);
    expect(en).not.toContain('<dt>Badges</dt>');
  });
});
