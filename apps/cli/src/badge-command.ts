import {
  Award,
  AwardNotFound,
  AwardNotIssued,
  BadgeReader,
  BindRecipient,
  issuanceSummary,
  PublishBadge,
} from '#badges';
import { textIn } from '#platform';
import { onInstance, organisationOf } from './command.js';
import { say, terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

/** `insigne badge list`. @returns the exit code */
export const list = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const organisation = await organisationOf(service, values.organisation);
    const awards = await new BadgeReader(service.database).awards(organisation.id, { limit: 10_000 });
    const summary = await issuanceSummary(service.database.manager, organisation.id);
    if (values.json) console.log(JSON.stringify({ summary, awards }, null, 2));
    else {
      for (const award of awards)
        console.log(
          [
            award.id,
            award.state,
            award.badge,
            textIn(award.name, terminalLanguage()),
            award.credential?.publicId ?? '',
          ].join('\t'),
        );
      console.log(`planned ${summary.planned} · signed ${summary.signed} · refused ${summary.refused}`);
    }
    return 0;
  });

/** Publishing is the learner's own act: this command is for whoever sits beside the learner. */
export const publish = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [awardId] }) => {
    const id = await new PublishBadge(service.database).publish(awardId!, {
      withName: values['with-name'] === true,
      by: actorIn({ values }, 'command-line'),
    });
    console.log(`${service.origin}/b/${id}`);
    return 0;
  });

/** `insigne badge withdraw AWARD`. @returns the exit code */
export const withdraw = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [awardId] }) => {
    const by = actorIn({ values }, 'command-line');
    const wasShown = await new PublishBadge(service.database).withdraw(awardId!, by);
    if (!wasShown) console.log(say('Déjà caché ; rien ne change.', 'Hidden already; nothing changes.'));
    return 0;
  });

/**
 * `insigne badge bind AWARD --email ADDRESS` and `insigne badge unbind AWARD`: to whom the Open Badges 2.0 form of a
 * badge is bound, at the learner's wish. The address itself is neither kept nor printed. @returns the exit code
 */
export const bind = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [awardId] }) => {
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const award = await service.database.manager.findOneBy(Award, { id: awardId!, organisationId });
    if (!award) throw new AwardNotFound(awardId!);
    if (award.state !== 'issued') throw new AwardNotIssued(awardId!, award.state);
    const email = (values.email as string | undefined) ?? null;
    await new BindRecipient(service.database).run(awardId!, email, actorIn({ values }, 'command-line'));
    console.log(
      email === null
        ? say(
            'Le fichier Open Badges 2.0 de ce badge n’est plus lié à une adresse e-mail. Téléchargez-le de nouveau.',
            'The Open Badges 2.0 file of this badge is bound to no e-mail address any more. Download it again.',
          )
        : say(
            'Le fichier Open Badges 2.0 de ce badge est lié à cette adresse ; seule une empreinte en est gardée. Téléchargez-le de nouveau.',
            'The Open Badges 2.0 file of this badge is bound to this address, of which only a hash is kept. Download it again.',
          ),
    );
    return 0;
  });
