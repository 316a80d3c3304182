import { setTimeout as sleep } from 'node:timers/promises';
import { MakeRecord, RecordReader, RecordRefused, recordUrl, WithdrawRecord } from '#badges';
import { onInstance, organisationOf } from './command.js';
import { say } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const byOf = ({ values }: Pick<Words, 'values'>): string => actorIn({ values }, 'command-line');
const firstId = '00000000-0000-0000-0000-000000000000';
const most = 10_000;
/** For the worker to sign, where the service runs. */
const patienceMs = 5_000;

/** `insigne record make AWARD…`: gathers badges that one person chose, in that order. @returns the exit code */
export const make = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: awardIds, isServed }) => {
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const [award]: { person_id: string }[] = await service.database.query(
      'select person_id from award where id = $1 and organisation_id = $2',
      [awardIds[0], organisationId],
    );
    if (!award) throw new RecordRefused('awards', 'No such award in this organisation', [awardIds[0]!]);
    const made = await new MakeRecord(service.database, service.queue, service.origin).run({
      organisationId,
      personId: award.person_id,
      awardIds,
      consentedOn: values['consented-on'] as string,
      consentHow: values.consent as 'said' | 'written',
      by: byOf(words),
    });
    const address = recordUrl(service.origin, made.publicId);
    const reader = new RecordReader(service.database);
    const isShown = async () => (await reader.byId(made.id, [organisationId]))?.isShown === true;
    const state = await stateOf(isShown, isServed ? patienceMs : 0);
    if (values.json) console.log(JSON.stringify({ id: made.id, address, state }, null, 2));
    else {
      console.log(address);
      if (!isServed)
        console.log(
          say(
            'Elle sera signée dès que le service tourne : npm start',
            'It is signed as soon as the service runs: npm start',
          ),
        );
      else if (state === 'waiting')
        console.log(
          say(
            'Elle n’est pas encore signée : son adresse répond dès qu’elle l’est.',
            'It is not signed yet: its address answers as soon as it is.',
          ),
        );
    }
    return 0;
  });

/** Waits a moment for the signature, looking at once and then four times a second. */
export async function stateOf(
  isShown: () => Promise<boolean>,
  patience: number,
): Promise<'shown' | 'waiting'> {
  const until = performance.now() + patience;
  while (!(await isShown())) {
    if (performance.now() >= until) return 'waiting';
    await sleep(250);
  }
  return 'shown';
}

/** `insigne record list`. @returns the exit code */
export const list = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const { id } = await organisationOf(service, values.organisation);
    const rows = await new RecordReader(service.database).ofOrganisation(id, firstId, most);
    if (values.json) console.log(JSON.stringify(rows, null, 2));
    else
      for (const row of rows)
        console.log(
          [
            row.id,
            row.withdrawnAt ? 'withdrawn' : row.isShown ? 'shown' : 'hidden',
            row.awardIds.length,
            row.consentedOn,
            row.withdrawnAt ? '' : recordUrl(service.origin, row.publicId),
          ].join('\t'),
        );
    return 0;
  });

/** `insigne record withdraw ID`, at the learner's wish. @returns the exit code */
export const withdraw = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [recordId] }) => {
    const { id } = await organisationOf(service, values.organisation);
    await new WithdrawRecord(service.database).run({
      recordId: recordId!,
      organisationIds: [id],
      by: byOf(words),
    });
    return 0;
  });
