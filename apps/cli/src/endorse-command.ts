import {
  AskEndorsement,
  DecideEndorsement,
  type EndorsementAct,
  EndorsementRefused,
  type EndorsementTarget,
  type EndorsementView,
  endorsementUrl,
  GiveEndorsement,
  StatementReader,
} from '#badges';
import { GuardedFetcher, verifyCredential } from '#verification';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import { say } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const byOf = ({ values }: Pick<Words, 'values'>): string => actorIn({ values }, 'command-line');
const firstId = '00000000-0000-0000-0000-000000000000';
const most = 10_000;

/** `insigne endorse ask`: makes the link to send, and tells it this once. @returns the exit code */
export const ask = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const asked = await new AskEndorsement(service.database, service.origin).run({
      organisationId,
      target: (values.target ?? 'issuer') as EndorsementTarget,
      achievement: values.achievement as string | undefined,
      awardId: values.award as string | undefined,
      validDays: Number(values.days ?? 30),
      by: byOf(words),
    });
    const link = `${service.origin}/endorse/${asked.token}`;
    const expiresAt = asked.expiresAt.toISOString();
    if (values.json) console.log(JSON.stringify({ id: asked.id, link, expiresAt }, null, 2));
    else {
      console.log(link);
      console.log(
        say(
          `Envoyez ce lien : il sert une fois, jusqu’au ${expiresAt.slice(0, 10)}, et n’est pas montré de nouveau. Rien n’est public avant « insigne endorse accept ${asked.id} ».`,
          `Send this link: it works once, until ${expiresAt.slice(0, 10)}, and is not shown again. Nothing is public before "insigne endorse accept ${asked.id}".`,
        ),
      );
    }
    return 0;
  });

/** `insigne endorse list`: what was asked for, given and decided. @returns the exit code */
export const list = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values }) => {
    const { id } = await organisationOf(service, values.organisation);
    const rows = await new StatementReader(service.database).ofOrganisation(id, firstId, most);
    if (values.json) console.log(JSON.stringify(rows, null, 2));
    else for (const row of rows) console.log(told(row, service.origin));
    return 0;
  });

function told(row: EndorsementView, origin: string): string {
  const address = row.isShown ? endorsementUrl(origin, row.publicId) : '';
  const line = [row.id, row.state, row.target, row.endorserName ?? '', address].join('\t');
  return row.comment === null ? line : `${line}\n  ${row.comment.replaceAll('\n', '\n  ')}`;
}

/** `insigne endorse accept ID`: shown from now on; the worker signs it. @returns the exit code */
export const accept = (words: Words): Promise<number> =>
  decided(words, async (decide, act, { service, values }) => {
    const reader = new StatementReader(service.database);
    const isOwn = await reader.byId(act.endorsementId, act.organisationIds);
    const brought = isOwn && (await reader.brought(act.endorsementId));
    // Strangers' servers are asked before anything is locked.
    if (brought) await assertStillHolds(brought.text, service.origin);
    await decide.accept(act, {
      learnerAgreed: values['learner-agreed'] === true,
      verifiedText: brought?.text,
    });
  });

/** `insigne endorse refuse ID`: its words are erased. @returns the exit code */
export const refuse = (words: Words): Promise<number> => decided(words, (decide, act) => decide.refuse(act));

/** `insigne endorse withdraw ID`: cancels the question, or takes back what was shown. @returns the exit code */
export const withdraw = (words: Words): Promise<number> =>
  decided(words, (decide, act) => decide.withdraw(act));

/** `insigne endorse give LINK`: answers in the name of an organisation of this service. @returns the exit code */
export const give = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [link] }) => {
    const { id: organisationId } = await organisationOf(service, values.organisation);
    const token = /([^/?#]+)(?:[?#].*)?$/.exec(link!.trim())?.[1] ?? '';
    const comment = values.comment as string;
    const id = await new GiveEndorsement(service.database).asOrganisation(token, {
      organisationId,
      comment,
      by: byOf(words),
    });
    console.log(id);
    return 0;
  });

const decided = (
  words: Words,
  work: (decide: DecideEndorsement, act: EndorsementAct, context: CommandContext) => Promise<void>,
): Promise<number> =>
  onInstance(words, async (context) => {
    const { service, values, positionals } = context;
    const { id } = await organisationOf(service, values.organisation);
    const act = { endorsementId: positionals[0]!, organisationIds: [id], by: byOf(words) };
    await work(new DecideEndorsement(service.database, service.queue, service.origin), act, context);
    const row = await new StatementReader(service.database).byId(act.endorsementId, [id]);
    console.log(told(row!, service.origin));
    return 0;
  });

/** What was signed elsewhere may have been withdrawn since it was brought. @throws EndorsementRefused */
async function assertStillHolds(text: string, origin: string): Promise<void> {
  const { verdict } = await verifyCredential(text, {
    fetcher: new GuardedFetcher(),
    now: new Date(),
    origin,
  });
  if (verdict !== 'authentic')
    throw new EndorsementRefused(
      'signed',
      'not_authentic',
      `The signed endorsement does not hold: ${verdict}`,
    );
}
