import { ReissueCredentials, ReportCompromise } from '#badges';
import { PublicKeys } from '#signing';
import { actor, flag, missing, onKeys, organisationIn, say, word, words } from './keys-context.js';
import { Usage } from './usage.js';

/** `insigne keys compromise`: records a theft, or tells what it would concern. @returns the exit code */
export const compromise = (args: string[]): Promise<number> =>
  onKeys(args, { since: word, key: words, 'every-key': flag }, async (context) => {
    const { values, worker, isDryRun } = context;
    const since = instantOf(values.since);
    const named = [...new Set((values.key ?? []) as string[])];
    const isEvery = values['every-key'] === true;
    if (isEvery === named.length > 0)
      throw missing(say('--key ID… ou --every-key', '--key ID… or --every-key'));
    const organisation = await organisationIn(context);
    const keyIds = isEvery ? (await new PublicKeys(worker).all(organisation.id)).map(({ id }) => id) : named;
    const report = await new ReportCompromise(worker).run({
      organisationId: organisation.id,
      keyIds,
      since,
      by: actor,
      isDryRun,
    });
    const rejected = report.badges.filter(({ isRejected }) => isRejected);
    const counts = {
      badges: report.badges.length,
      rejected: rejected.length,
      kept: report.badges.length - rejected.length,
      rejectedShared: rejected.filter(({ isShared }) => isShared).length,
      rejectedEverShared: rejected.filter(({ wasShared }) => wasShared).length,
      waiting: report.waiting,
    };
    context.say({ isDryRun, ...report, counts }, () =>
      [
        ...rejected.map((badge) =>
          [
            badge.awardId,
            badge.signedAt.toISOString(),
            badge.badge,
            badge.isShared ? say('montré', 'shared') : '-',
          ].join('\t'),
        ),
        say(
          `${counts.rejected} badges signés depuis le vol ne sont plus authentiques, dont ${counts.rejectedShared} montrés maintenant et ${counts.rejectedEverShared} montrés un jour ; ${counts.kept} signés avant le restent, avec une note ; ${counts.waiting} en attente auront de nouvelles clés.`,
          `${counts.rejected} badges signed since the theft are no longer authentic, of which ${counts.rejectedShared} are shared now and ${counts.rejectedEverShared} ever were; ${counts.kept} signed before stay so, with a note; ${counts.waiting} that wait get new keys.`,
        ),
        isDryRun
          ? say('Essai : rien n’a été changé.', 'Dry run: nothing was changed.')
          : say('Enregistré. Ensuite : insigne keys reissue', 'Recorded. Next: insigne keys reissue'),
      ].join('\n'),
    );
    return 0;
  });

/** `insigne keys reissue`: plans the badges of a stolen key again. @returns the exit code */
export const reissue = (args: string[]): Promise<number> =>
  onKeys(args, { all: flag }, async (context) => {
    const { service, values, isDryRun, isServed } = context;
    const organisation = await organisationIn(context);
    const plan = await new ReissueCredentials(service.database).run({
      organisationId: organisation.id,
      origin: service.origin,
      all: values.all === true,
      by: actor,
      isDryRun,
    });
    await service.queue.enqueue(plan.outboxIds);
    const { planned, withdrawn, waiting } = plan;
    context.say({ isDryRun, planned, withdrawn, waiting, isServed }, () =>
      [
        say(
          `${planned} badges ${isDryRun ? 'seraient délivrés' : 'sont délivrés'} de nouveau à la même adresse ; ${waiting} le sont déjà et attendent leur signature ; ${withdrawn} sont retirés ou suspendus et restent tels.`,
          `${planned} badges ${isDryRun ? 'would be' : 'are'} issued again at the same address; ${waiting} are already and wait for their signature; ${withdrawn} are withdrawn or suspended and stay so.`,
        ),
        ...(isServed || isDryRun
          ? []
          : [
              say(
                'Ils seront signés dès que le service tourne : npm start',
                'They are signed as soon as the service runs: npm start',
              ),
            ]),
      ].join('\n'),
    );
    return 0;
  });

/** An instant with its zone, or a date, which counts from its beginning in UTC. @throws Usage (`usage`) */
function instantOf(text: unknown): Date {
  if (typeof text !== 'string') throw missing('--since 2026-11-22T08:00:00Z');
  const form = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.exec(text);
  const instant = new Date(form ? text : Number.NaN);
  // JavaScript reads 30 February as 2 March, and a later date would let stolen signatures count.
  if (!form || Number.isNaN(instant.getTime()) || !isDay(form[1]!))
    throw new Usage(
      say(
        `--since : un instant avec son fuseau (2026-11-22T08:00:00Z) ou une date qui existe (2026-11-22), pas « ${text} ».`,
        `--since: an instant with its zone (2026-11-22T08:00:00Z) or a date that exists (2026-11-22), not "${text}".`,
      ),
    );
  return instant;
}

const isDay = (day: string): boolean => new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day;
