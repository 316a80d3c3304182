import { ReissueCredentials, ReissueStatements, ReportCompromise } from '#badges';
import { PublicKeys } from '#signing';
import { concernedInWords } from './concerned-words.js';
import { onKeys, organisationIn } from './keys-context.js';
import { say, terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';
import { instantOf } from './words/instants.js';

/** `insigne keys compromise`: records a theft, or tells what it would concern. @returns the exit code */
export const compromise = (words: Words): Promise<number> =>
  onKeys(words, async (context) => {
    const { values, worker, service, isDryRun } = context;
    const since = instantOf(values.since as string)!;
    const named = [...new Set((values.key ?? []) as string[])];
    const isEvery = values['every-key'] === true;
    const organisation = await organisationIn(context);
    const keyIds = isEvery ? (await new PublicKeys(worker).all(organisation.id)).map(({ id }) => id) : named;
    const report = await new ReportCompromise(worker).run({
      organisationId: organisation.id,
      keyIds,
      since,
      by: context.actor,
      isDryRun,
    });
    const badges = report.badges.map((one) => ({ ...one, address: `${service.origin}/b/${one.publicId}` }));
    const rejected = badges.filter(({ isRejected }) => isRejected);
    const counts = {
      badges: badges.length,
      rejected: rejected.length,
      kept: badges.length - rejected.length,
      rejectedShared: rejected.filter(({ isShared }) => isShared).length,
      rejectedEverShared: rejected.filter(({ wasShared }) => wasShared).length,
      waiting: report.waiting,
    };
    context.say({ isDryRun, ...report, badges, counts }, () =>
      [
        ...concernedInWords(badges, terminalLanguage()),
        say(
          `${counts.rejected} badges signés depuis le vol ne sont plus authentiques, dont ${counts.rejectedShared} montrés maintenant et ${counts.rejectedEverShared} montrés un jour ; ${counts.kept} signés avant le restent, avec une note ; ${counts.waiting} en attente auront de nouvelles clés.`,
          `${counts.rejected} badges signed since the theft are no longer authentic, of which ${counts.rejectedShared} are shared now and ${counts.rejectedEverShared} ever were; ${counts.kept} signed before stay so, with a note; ${counts.waiting} that wait get new keys.`,
        ),
        say(
          `${report.statements.rejected} recommandations et réunions de badges signées depuis le vol sont cachées ; ${report.statements.kept} signées avant restent.`,
          `${report.statements.rejected} endorsements and records signed since the theft are hidden; ${report.statements.kept} signed before stay.`,
        ),
        isDryRun
          ? say('Essai : rien n’a été changé.', 'Dry run: nothing was changed.')
          : say('Enregistré. Ensuite : insigne keys reissue', 'Recorded. Next: insigne keys reissue'),
      ].join('\n'),
    );
    return 0;
  });

/** `insigne keys reissue`: plans what a stolen key signed again. @returns the exit code */
export const reissue = (words: Words): Promise<number> =>
  onKeys(words, async (context) => {
    const { service, values, isDryRun, isServed } = context;
    const organisation = await organisationIn(context);
    const request = {
      organisationId: organisation.id,
      origin: service.origin,
      all: values.all === true,
      by: context.actor,
      isDryRun,
    };
    const plan = await new ReissueCredentials(service.database).run(request);
    const { outboxIds, ...statements } = await new ReissueStatements(service.database).run(request);
    await service.queue.enqueue([...plan.outboxIds, ...outboxIds]);
    const { planned, withdrawn, waiting } = plan;
    context.say({ isDryRun, planned, withdrawn, waiting, statements, isServed }, () =>
      [
        say(
          `${planned} badges ${isDryRun ? 'seraient délivrés' : 'sont délivrés'} de nouveau à la même adresse ; ${waiting} le sont déjà et attendent leur signature ; ${withdrawn} sont retirés ou suspendus et restent tels.`,
          `${planned} badges ${isDryRun ? 'would be' : 'are'} issued again at the same address; ${waiting} are already and wait for their signature; ${withdrawn} are withdrawn or suspended and stay so.`,
        ),
        say(
          `${statements.planned} recommandations et réunions de badges ${isDryRun ? 'seraient signées' : 'sont signées'} de nouveau, mêmes mots, même adresse ; ${statements.waiting} attendent une signature (celles de badges : refaites cette commande ensuite) ; ${statements.left} réunions de badges cachés restent telles.`,
          `${statements.planned} endorsements and records ${isDryRun ? 'would be' : 'are'} signed again, same words, same address; ${statements.waiting} wait for a signature (where it is a badge's: do this command again afterwards); ${statements.left} records of hidden badges stay as they are.`,
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
