import { aWorker, operationsWith } from '../../../test/support/sample-operations.js';
import { judgeOperations, type OperationsJudgement } from './judge-operations.js';
import type { IssuanceOperations } from './operations-reader.js';

const judge = (
  given: Partial<IssuanceOperations> = {},
  jobs: Record<string, number> | null = { active: 0 },
): OperationsJudgement => judgeOperations(operationsWith(given), jobs ?? undefined);
const codes = (judgement: OperationsJudgement): string[] => judgement.causes.map(({ code }) => code);
const plain = (text: string | undefined): string => (text ?? '').replaceAll('\u00a0', ' ');
const said = ({ sentence, remedy }: OperationsJudgement, language: 'fr' | 'en'): string =>
  plain(`${sentence[language]} ${remedy?.[language] ?? ''}`);

describe('where issuance stands', () => {
  it('is well when nothing waits and somebody would sign, with nothing to do', () => {
    const well = judge();
    expect(well).toMatchObject({ state: 'well', causes: [] });
    expect(well.remedy).toBeUndefined();
    expect(plain(well.sentence.fr)).toBe("Tout va bien : rien n'attend.");
    expect(well.sentence.en).toBe('All is well: nothing waits.');
  });

  it.each<[string, Partial<IssuanceOperations>]>([
    ['a room that came a moment ago', { waitingBatches: 1, waitingCredentials: 8, oldestRoomSeconds: 60 }],
    [
      'a campaign that takes an hour and moves',
      { waitingBatches: 90, waitingCredentials: 8_900, oldestWaitingSeconds: 3_600, unsignedSeconds: 2 },
    ],
    [
      'a revocation that came a moment ago',
      { statusListsWaiting: 1, statusChangesWaiting: 1, oldestStatusChangeSeconds: 60 },
    ],
    ['the first list of badges that are being signed', { waitingBatches: 1, statusListsWaiting: 1 }],
    [
      'an error that passed, in a structure whose badges are being signed',
      {
        waitingBatches: 9,
        oldestWaitingSeconds: 900,
        standingErrors: [{ error: 'Error ECONNREFUSED', batches: 9, heldSeconds: 0 }],
      },
    ],
    ['a pathway badge that waits for its stones', { waitingBatches: 1, oldestWaitingSeconds: 900 }],
  ])('is busy, and nothing is alarming, with %s', (_, given) => {
    const busy = judge(given);
    expect(busy).toMatchObject({ state: 'busy', causes: [] });
    expect(said(busy, 'fr')).toMatch(/^En cours : /);
    expect(said(busy, 'en')).toMatch(/^Under way: /);
    expect(said(busy, 'en')).not.toContain('well');
  });

  it('says what waits and how long at most, changes of status too', () => {
    const given = { waitingBatches: 2, waitingCredentials: 8, oldestWaitingSeconds: 5 };
    expect(said(judge({ ...given, statusChangesWaiting: 1, oldestStatusChangeSeconds: 12 }), 'fr')).toContain(
      "8 badges, 1 changement d'état en attente, depuis 12 s au plus",
    );
    expect(said(judge(given), 'en')).toContain('8 badges waiting, for 5 s at most');
  });

  it.each<[string, string, Partial<IssuanceOperations>, RegExp, RegExp]>([
    [
      'no worker lives while badges wait',
      'no_worker',
      { workers: [aWorker({ isAlive: false })], waitingBatches: 1 },
      /Aucun worker.*rien ne peut être signé.*worker\.log/,
      /No worker.*nothing can be signed.*worker\.log/,
    ],
    [
      'no worker lives while a list waits',
      'no_worker',
      { workers: [], statusListsWaiting: 1 },
      /rien ne peut être signé/,
      /nothing can be signed/,
    ],
    [
      'no worker lives, and nothing waits yet',
      'no_worker',
      { workers: [] },
      /aucun worker ne tourne.*Lancez-le/,
      /no worker runs.*Start it/,
    ],
    [
      'the clock of a worker is wrong',
      'worker_warning',
      { workers: [aWorker(), aWorker({ warning: 'clock_drift' })] },
      /horloge.*Réglez l'heure/,
      /clock.*Set the time/,
    ],
    [
      'the queue may forget',
      'worker_warning',
      { workers: [aWorker({ warning: 'queue_may_forget' })] },
      /Redis peut effacer.*noeviction/,
      /Redis may throw.*noeviction/,
    ],
    [
      'a worker cannot sign a list, though no change waits',
      'worker_warning',
      { workers: [aWorker({ warning: 'list_not_signed QueryFailedError 53100' })] },
      /liste d’état.*disque est plein/,
      /status list.*disk is full/,
    ],
    [
      'a worker warns of what is unknown here',
      'worker_warning',
      { workers: [aWorker({ warning: 'hot' })] },
      /signale : hot.*worker\.log/,
      /reports: hot.*worker\.log/,
    ],
    [
      'a revocation is not signed within a minute',
      'list_late',
      { statusListsWaiting: 1, statusChangesWaiting: 1, oldestStatusChangeSeconds: 61 },
      /^Un changement d'état.*1 min.*lit encore.*worker\.log/,
      /^A change of status.*1 min.*still reads.*worker\.log/,
    ],
    [
      'the queue does not answer',
      'queue_away',
      {},
      /file d'attente ne répond pas.*REDIS_URL/,
      /queue does not answer.*REDIS_URL/,
    ],
    [
      'nothing is signed for more than a minute',
      'nothing_signed',
      { waitingBatches: 1, waitingCredentials: 7, unsignedSeconds: 61 },
      /^7 badges en attente, et rien n'a été signé depuis 1 min.*worker\.log/,
      /^7 badges waiting, and nothing has been signed for 1 min.*worker\.log/,
    ],
    [
      'a room waits for more than a minute while others are signed',
      'room_late',
      { waitingBatches: 1, oldestRoomSeconds: 61, unsignedSeconds: 1 },
      /petit lot.*1 min.*scaling/,
      /small batch.*1 min.*scaling/,
    ],
    [
      'an error holds up a structure for more than a minute',
      'error_stands',
      {
        waitingBatches: 2,
        standingErrors: [{ error: 'Error ECONNREFUSED', batches: 2, heldSeconds: 61 }],
      },
      /erreur retient 2 lots.*ne répondait pas/,
      /error holds up 2 batches.*did not answer/,
    ],
    [
      'a token refuses the PIN, from the first time on',
      'error_stands',
      {
        waitingBatches: 1,
        standingErrors: [
          { error: 'KeyServicePinRefused key_service_pin_refused', batches: 1, heldSeconds: 1 },
        ],
      },
      /erreur retient 1 lot\..*pin-source/,
      /error holds up 1 batch\..*pin-source/,
    ],
    [
      'an error is unknown: it is named',
      'error_stands',
      {
        waitingBatches: 1,
        standingErrors: [{ error: 'QueryFailedError P0001', batches: 1, heldSeconds: 90 }],
      },
      /QueryFailedError P0001.*worker\.log/,
      /QueryFailedError P0001.*worker\.log/,
    ],
    [
      'one thing waits for a decision',
      'decisions',
      { refusedCount: 1 },
      /^1 décision vous attend\. .*plus bas/,
      /^1 decision for you\. .*further down/,
    ],
    [
      'several things wait for a decision',
      'decisions',
      { deadLetterCount: 2, refusedCount: 1 },
      /^3 décisions vous attendent\./,
      /^3 decisions for you\./,
    ],
  ])('needs somebody when %s, and says what to do', (_, code, given, fr, en) => {
    const judgement = judge(given, code === 'queue_away' ? null : { active: 0 });
    expect([judgement.state, codes(judgement)]).toEqual(['attention', [code]]);
    expect(said(judgement, 'fr')).toMatch(fr);
    expect(said(judgement, 'en')).toMatch(en);
  });

  it('believes no warning of a worker that is gone', () => {
    const gone = aWorker({ isAlive: false, warning: 'clock_drift' });
    expect(judge({ workers: [aWorker(), gone] }).state).toBe('well');
  });

  it('says the reason of a late list as the worker knows it, else as the badges beside it do', () => {
    const late = { statusListsWaiting: 1, statusChangesWaiting: 2, oldestStatusChangeSeconds: 120 };
    const workers = [aWorker({ warning: 'list_not_signed ArchiveUnavailable archive_unavailable' })];
    expect(said(judge({ ...late, workers }), 'fr')).toMatch(/^2 changements d'état .*dossier de l'archive/);
    const standingErrors = [{ error: 'QueryFailedError 53100', batches: 1, heldSeconds: 5 }];
    expect(said(judge({ ...late, standingErrors }), 'en')).toMatch(/A disk is full/);
  });

  it('tells of many causes the one first that hides the others, or harms most', () => {
    const standingErrors = [{ error: 'QueryFailedError 53100', batches: 1, heldSeconds: 90 }];
    const all: Partial<IssuanceOperations> = {
      waitingBatches: 1,
      oldestRoomSeconds: 90,
      unsignedSeconds: 90,
      statusListsWaiting: 1,
      statusChangesWaiting: 1,
      oldestStatusChangeSeconds: 90,
      standingErrors,
      refusedCount: 1,
    };
    expect(codes(judge({ ...all, workers: [aWorker({ warning: 'queue_may_forget' })] }, null))).toEqual([
      'list_late',
      'queue_away',
      'nothing_signed',
      'room_late',
      'error_stands',
      'worker_warning',
      'decisions',
    ]);
    expect(judge({ ...all, workers: [aWorker({ warning: 'clock_drift' })] }).causes[0]?.detail).toBe(
      'clock_drift',
    );
    expect(codes(judge({ ...all, workers: [] }))[0]).toBe('no_worker');
    expect(said(judge({ waitingBatches: 1, unsignedSeconds: 90, standingErrors }), 'fr')).toMatch(
      /rien n'a été signé.*disque est plein/,
    );
  });
});
