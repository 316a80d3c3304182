import { rmSync } from 'node:fs';
import type { ParseArgsConfig } from 'node:util';
import { DataSource } from 'typeorm';
import { allEntities, ReissueCredentials, ReportCompromise } from '#badges';
import type { Organisation } from '#people';
import { dataSourceOptions, textIn } from '#platform';
import {
  KeyLifecycle,
  type KeyService,
  KeyStore,
  openKeyService,
  openKeyServices,
  PublicKeys,
} from '#signing';
import { type CommandContext, onInstance, organisationOf } from './command.js';
import { transcriptFile, transcriptOf, writeTranscript } from './key-ceremony.js';
import { type KeyLine, keyLines } from './key-list.js';
import { terminalLanguage } from './terminal.js';
import { Usage } from './usage.js';

const actor = 'cli';
const usage = `insigne keys list|create|rotate|retire|compromise|reissue|rewrap [--organisation SLUG] [--dry-run] [--json]
  create --by NAME [--witness NAME]… [--transcript FILE]
  rotate [--older-than DAYS]
  retire --key ID
  compromise --since INSTANT (--key ID… | --every-key)
  reissue [--all]
  rewrap --to SERVICE`;
const word = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const words = { type: 'string', multiple: true } as const;

/** `insigne keys …`: the signing keys of a structure. Runs with the worker's role. @returns the exit code */
export const keysCommand = ([verb, ...args]: string[]): Promise<number> => {
  const run = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!run) throw new Usage(usage);
  return run(args);
};

interface KeysContext extends CommandContext {
  worker: DataSource;
  isDryRun: boolean;
  say(result: object, text: () => string): void;
}

async function onKeys(
  args: string[],
  options: NonNullable<ParseArgsConfig['options']>,
  run: (context: KeysContext) => Promise<number>,
): Promise<number> {
  const all = { organisation: word, json: flag, 'dry-run': flag, ...options };
  return onInstance(args, all, async (context) => {
    const { instance, values } = context;
    const worker = await new DataSource(
      dataSourceOptions({ url: instance.workerUrl, entities: allEntities, poolSize: 2 }),
    ).initialize();
    const say = (result: object, text: () => string): void =>
      console.log(values.json ? JSON.stringify(result, null, 2) : text());
    try {
      return await run({ ...context, worker, isDryRun: values['dry-run'] === true, say });
    } finally {
      await worker.destroy();
    }
  });
}

const servicesOf = ({ instance }: CommandContext): KeyService[] =>
  openKeyServices(instance.keyService, instance.keyServiceEnvironment);

function lifecycleOf(context: KeysContext): KeyLifecycle {
  return new KeyLifecycle(context.worker, new KeyStore(context.worker, servicesOf(context)));
}

const organisationIn = ({ service, values }: KeysContext): Promise<Organisation> =>
  organisationOf(service, values.organisation);

const say = (fr: string, en: string): string => textIn({ fr, en }, terminalLanguage());

const list = (args: string[]): Promise<number> =>
  onKeys(args, {}, async (context) => {
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

const create = (args: string[]): Promise<number> =>
  onKeys(args, { by: word, witness: words, transcript: word }, async (context) => {
    const { values, instance, worker, isDryRun } = context;
    if (typeof values.by !== 'string' || values.by.trim() === '') throw new Usage(usage);
    const by = values.by.trim();
    const organisation = await organisationIn(context);
    const services = servicesOf(context);
    const keyService = services[0]!.describe().id;
    const active = Object.values(await new PublicKeys(worker).active(organisation.id)).map(({ id }) => id);
    if (isDryRun) {
      context.say({ organisation: organisation.slug, keyService, active }, () =>
        active.length > 0
          ? say(`Des clés sont actives : ${active.join(', ')}`, `Keys are active: ${active.join(', ')}`)
          : say(
              `Deux clés seraient créées avec ${keyService}.`,
              `Two keys would be made with ${keyService}.`,
            ),
      );
      return active.length > 0 ? 1 : 0;
    }
    const [{ at }]: [{ at: Date }] = await worker.query('select now() as at');
    const file =
      typeof values.transcript === 'string'
        ? values.transcript
        : transcriptFile(instance.dataFolder, at, organisation.slug);
    let text = '';
    let written: { file: string; sha256: string } | undefined;
    try {
      const made = await lifecycleOf(context).create(organisation.id, actor, async (keys) => {
        const witnesses = (values.witness ?? []) as string[];
        text = transcriptOf({ organisation, by, witnesses, at, keyService, keys });
        written = writeTranscript(file, text);
        return { ceremonySha256: written.sha256 };
      });
      context.say({ keys: made.map(({ id, algorithm }) => ({ id, algorithm })), transcript: written }, () =>
        [text, `${written!.file}\nSHA-256 ${written!.sha256}`].join('\n'),
      );
      return 0;
    } catch (error) {
      // No key, no transcript of one.
      if (written) rmSync(written.file, { force: true });
      throw error;
    }
  });

const rotate = (args: string[]): Promise<number> =>
  onKeys(args, { 'older-than': word }, async (context) => {
    const organisation = await organisationIn(context);
    const given = context.values['older-than'] ?? '0';
    if (!/^\d{1,5}$/.test(String(given))) throw new Usage(usage);
    const days = Number(given);
    if (context.isDryRun) {
      const keys = await keyLines(context.worker.manager, organisation.id);
      const due = keys.filter(({ state, ageDays }) => state === 'active' && ageDays >= days);
      context.say({ due }, () => due.map(lineOf).join('\n'));
      return 0;
    }
    const rotated = await lifecycleOf(context).rotate(organisation.id, actor, days);
    context.say(
      { rotated },
      () =>
        rotated
          .map(({ algorithm, retired, created }) => `${algorithm}\t${retired} → ${created}`)
          .join('\n') || say('Aucune clé à remplacer.', 'No key to replace.'),
    );
    return 0;
  });

const retire = (args: string[]): Promise<number> =>
  onKeys(args, { key: word }, async (context) => {
    const { key } = context.values;
    if (typeof key !== 'string') throw new Usage(usage);
    const organisation = await organisationIn(context);
    const isChanged = context.isDryRun
      ? (await keyLines(context.worker.manager, organisation.id)).some(
          ({ id, state }) => id === key && state === 'active',
        )
      : await lifecycleOf(context).retire(organisation.id, key, actor);
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

const compromise = (args: string[]): Promise<number> =>
  onKeys(args, { since: word, key: words, 'every-key': flag }, async (context) => {
    const { values, worker, isDryRun } = context;
    const since = instantOf(values.since);
    const organisation = await organisationIn(context);
    const keyIds =
      values['every-key'] === true
        ? (await new PublicKeys(worker).all(organisation.id)).map(({ id }) => id)
        : ((values.key ?? []) as string[]);
    if (keyIds.length === 0) throw new Usage(usage);
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

const reissue = (args: string[]): Promise<number> =>
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

const rewrap = (args: string[]): Promise<number> =>
  onKeys(args, { to: word }, async (context) => {
    const { values, instance, isDryRun } = context;
    if (typeof values.to !== 'string') throw new Usage(usage);
    const target = openKeyService(values.to, instance.keyServiceEnvironment);
    const { moved, there } = await lifecycleOf(context).rewrap(
      [...servicesOf(context), target],
      target,
      actor,
      isDryRun,
    );
    const { id } = target.describe();
    context.say({ isDryRun, moved, there, keyService: id }, () =>
      [
        say(
          `${moved} clés ${isDryRun ? 'passeraient' : 'sont passées'} à ${id}, ${there} y étaient.`,
          `${moved} keys ${isDryRun ? 'would be' : 'were'} moved to ${id}, ${there} were there.`,
        ),
        say(
          `Le worker doit maintenant démarrer avec INSIGNE_KEY_SERVICE="${values.to as string}".`,
          `The worker must now start with INSIGNE_KEY_SERVICE="${values.to as string}".`,
        ),
      ].join('\n'),
    );
    return 0;
  });

const verbs: Record<string, (args: string[]) => Promise<number>> = {
  list,
  create,
  rotate,
  retire,
  compromise,
  reissue,
  rewrap,
};

/** An instant with its zone, or a date, which counts from its beginning in UTC. @throws Usage (`usage`) */
export function instantOf(text: unknown): Date {
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;
  const instant = typeof text === 'string' && form.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(instant.getTime())) throw new Usage('--since 2026-11-22T08:00:00Z | 2026-11-22');
  return instant;
}
