import { rmSync } from 'node:fs';
import type { DataSource, EntityManager } from 'typeorm';
import {
  KeyLifecycle,
  type KeyService,
  KeyStore,
  openKeyService,
  openKeyServices,
  PublicKeys,
  type SigningKey,
  SigningKeysExist,
  SigningKeyUnavailable,
} from '#signing';
import { areKeysMade, CeremonyOutcomeUnknown } from './ceremony-outcome.js';
import type { CommandContext } from './command.js';
import { transcriptFile, transcriptOf, writeTranscript } from './key-ceremony.js';
import { type KeyLine, keyLines, madeAheadOnly } from './key-list.js';
import { type KeysContext, onKeys, organisationIn } from './keys-context.js';
import { say } from './terminal.js';
import type { Words } from './words/command-words.js';

const servicesOf = ({ instance }: CommandContext): KeyService[] =>
  openKeyServices(instance.keyService, instance.keyServiceEnvironment);

function lifecycleOf(context: KeysContext): KeyLifecycle {
  return new KeyLifecycle(context.worker, new KeyStore(context.worker, servicesOf(context)));
}

/** `insigne keys list`. @returns the exit code */
export const list = (words: Words): Promise<number> =>
  onKeys(words, async (context) => {
    const organisation = await organisationIn(context);
    const keys = await keyLines(context.worker.manager, organisation.id);
    context.say({ organisation: organisation.slug, keys }, () => keys.map(lineOf).join('\n'));
    return 0;
  });

const lineOf = (key: KeyLine): string =>
  [
    key.id,
    key.algorithm,
    key.state,
    say(`${key.ageDays} jours`, `${key.ageDays} days`),
    say(`${key.badges} badges signés`, `${key.badges} badges signed`),
    key.keyService,
  ].join('\t');

/**
 * `insigne keys create`: the first keys, in a ceremony with a transcript; keys that the worker made ahead and that
 * nobody used give way to them. @returns the exit code
 */
export const create = (words: Words): Promise<number> => onKeys(words, holdCeremony);

async function holdCeremony(context: KeysContext, again = 2): Promise<number> {
  const { values, instance, worker, isDryRun } = context;
  const by = String(values.by).trim();
  const organisation = await organisationIn(context);
  const services = servicesOf(context);
  const keyService = services[0]!.describe().id;
  const present = Object.values(await new PublicKeys(worker).active(organisation.id)).map(({ id }) => id);
  const ahead = await madeAheadOnly(worker.manager, organisation.id);
  const active = present.filter((id) => !ahead.includes(id));
  // Only both together: a ceremony makes two keys.
  const replaces = active.length === 0 ? ahead : [];
  if (isDryRun) {
    context.say({ organisation: organisation.slug, keyService, active, replaces }, () =>
      plannedCeremony(active, replaces, keyService),
    );
    return active.length > 0 ? 1 : 0;
  }
  const [{ at }]: [{ at: Date }] = await worker.query('select now() as at');
  const file =
    typeof values.transcript === 'string'
      ? values.transcript
      : transcriptFile(instance.dataFolder, at, organisation.slug);
  let held: HeldCeremony | undefined;
  const inTransaction = async (
    keys: SigningKey[],
    tx: EntityManager,
  ): Promise<{ ceremonySha256: string }> => {
    const witnesses = (values.witness ?? []) as string[];
    const text = transcriptOf({ organisation, by, witnesses, at, keyService, keys, replaces });
    const [{ id }]: [{ id: string }] = await tx.query('select pg_current_xact_id()::text as id');
    const transcript = writeTranscript(file, text);
    held = { keys: keys.map(({ id, algorithm }) => ({ id, algorithm })), text, transcript, transaction: id };
    return { ceremonySha256: transcript.sha256 };
  };
  try {
    await lifecycleOf(context).create(organisation.id, context.actor, inTransaction, replaces);
  } catch (error) {
    if (!held || !(await isHeldAfterAll(worker, held, error))) {
      if (again > 0 && error instanceof SigningKeysExist) {
        // The worker made them meanwhile, or one of the two.
        const now = await madeAheadOnly(worker.manager, organisation.id);
        if (now.some((id) => !replaces.includes(id))) return await holdCeremony(context, again - 1);
      }
      throw error;
    }
  }
  const { keys, text, transcript } = held!;
  context.say({ keys, transcript }, () => [text, `${file}\nSHA-256 ${transcript.sha256}`].join('\n'));
  return 0;
}

interface HeldCeremony {
  keys: Pick<SigningKey, 'id' | 'algorithm'>[];
  text: string;
  transcript: { file: string; sha256: string };
  /** Of the database, to ask what became of it. */
  transaction: string;
}

/**
 * Did the database record the keys although an error came, such as a connection that was cut after the commit? If not,
 * their transcript is removed: no key, no transcript of one.
 * @throws CeremonyOutcomeUnknown (`ceremony_outcome_unknown`): the transcript is kept
 */
async function isHeldAfterAll(worker: DataSource, held: HeldCeremony, error: unknown): Promise<boolean> {
  const keyIds = held.keys.map(({ id }) => id);
  const isMade = await areKeysMade(worker, held.transaction, keyIds);
  if (isMade === undefined) throw new CeremonyOutcomeUnknown(held.transcript.file, keyIds, error);
  if (!isMade) rmSync(held.transcript.file, { force: true });
  return isMade;
}

const plannedCeremony = (active: string[], replaces: string[], keyService: string): string =>
  [
    active.length > 0
      ? say(`Des clés sont actives : ${active.join(', ')}`, `Keys are active: ${active.join(', ')}`)
      : say(`Deux clés seraient créées avec ${keyService}.`, `Two keys would be made with ${keyService}.`),
    ...(replaces.length > 0
      ? [
          say(
            `Elles remplaceraient celles que le worker a préparées : ${replaces.join(', ')}`,
            `They would replace those that the worker made ready: ${replaces.join(', ')}`,
          ),
        ]
      : []),
  ].join('\n');

/** `insigne keys rotate`: replaces active keys. @returns the exit code */
export const rotate = (words: Words): Promise<number> =>
  onKeys(words, async (context) => {
    const organisation = await organisationIn(context);
    const days = Number(context.values['older-than'] ?? '0');
    if (context.isDryRun) {
      const keys = await keyLines(context.worker.manager, organisation.id);
      const due = keys.filter(({ state, ageDays }) => state === 'active' && ageDays >= days);
      context.say({ due }, () => due.map(lineOf).join('\n'));
      return 0;
    }
    const rotated = await lifecycleOf(context).rotate(organisation.id, context.actor, days);
    context.say(
      { rotated },
      () =>
        rotated
          .map(({ algorithm, retired, created }) => `${algorithm}\t${retired} → ${created}`)
          .join('\n') || say('Aucune clé à remplacer.', 'No key to replace.'),
    );
    return 0;
  });

/** `insigne keys retire`: takes a key out of use. @returns the exit code */
export const retire = (words: Words): Promise<number> =>
  onKeys(words, async (context) => {
    const key = context.values.key as string;
    const organisation = await organisationIn(context);
    const known = (await keyLines(context.worker.manager, organisation.id)).find(({ id }) => id === key);
    if (!known) throw new SigningKeyUnavailable(key, 'unknown');
    const isChanged = context.isDryRun
      ? known.state === 'active'
      : await lifecycleOf(context).retire(organisation.id, key, context.actor);
    context.say({ key, isChanged }, () =>
      isChanged
        ? say(
            `${key} est hors service ; ses badges restent valables.`,
            `${key} is out of use; its badges stay valid.`,
          )
        : say(`${key} n’était plus active.`, `${key} was no longer active.`),
    );
    return 0;
  });

/** `insigne keys rewrap`: entrusts every key to another service. @returns the exit code */
export const rewrap = (words: Words): Promise<number> =>
  onKeys(words, async (context) => {
    const { values, instance, isDryRun } = context;
    const to = values.to as string;
    const target = openKeyService(to, instance.keyServiceEnvironment);
    const { moved, there, publicOnly } = await lifecycleOf(context).rewrap(
      [...servicesOf(context), target],
      target,
      context.actor,
      isDryRun,
    );
    const { id } = target.describe();
    context.say({ isDryRun, moved, there, publicOnly, keyService: id }, () =>
      [
        say(
          `${moved} clés ${isDryRun ? 'passeraient' : 'sont passées'} à ${id}, ${there} y étaient.`,
          `${moved} keys ${isDryRun ? 'would be' : 'were'} moved to ${id}, ${there} were there.`,
        ),
        ...(publicOnly > 0
          ? [
              say(
                `${publicOnly} clés n’ont que leur partie publique (remise depuis l’archive) : rien à déplacer.`,
                `${publicOnly} keys have their public half only (put back from the archive): nothing to move.`,
              ),
            ]
          : []),
        say(
          `Le worker doit maintenant démarrer avec INSIGNE_KEY_SERVICE="${to}".`,
          `The worker must now start with INSIGNE_KEY_SERVICE="${to}".`,
        ),
      ].join('\n'),
    );
    return 0;
  });
