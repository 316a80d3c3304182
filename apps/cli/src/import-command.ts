import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { AwardCampaign, importAchievements } from '#badges';
import { importFrameworkFile, importShippedFrameworks } from '#frameworks';
import { DomainError, type Text, textIn } from '#platform';
import {
  formatPlan,
  ImportCampaign,
  importCatalogue,
  parseCatalogue,
  readStarterCatalogue,
} from '#workshops';
import { onInstance, organisationOf } from './command.js';
import { correctCampaign } from './taking-back-command.js';
import { terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

const megabyte = 1024 * 1024;
// Below it, the import's own limit answers with everything it has to say.
const largestRead = 20 * megabyte;

/** The file cannot be read (`file_not_readable`). */
class FileNotReadable extends DomainError {
  readonly code = 'file_not_readable';
  constructor(
    readonly text: Text,
    options?: { cause?: unknown },
  ) {
    super(textIn(text, 'en'), options);
  }
}

/** `insigne import frameworks [FILE…]`. @returns the exit code */
export const frameworks = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals }) => {
    const code = values.code as string | undefined;
    const results = await service.database.transaction(async (tx) => {
      if (positionals.length === 0) return importShippedFrameworks(tx);
      const all = [];
      for (const file of positionals) all.push(await importFrameworkFile(tx, file, { code }));
      return all;
    });
    console.log(JSON.stringify(results, null, 2));
    return 0;
  });

/** `insigne import catalogue [FILE]`. @returns the exit code */
export const catalogue = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals: [file] }) => {
    const organisation = await organisationOf(service, values.organisation);
    const content = file ? parseCatalogue(JSON.parse(read(file).toString('utf8'))) : readStarterCatalogue();
    const badges = await service.database.transaction(async (tx) => {
      await importCatalogue(tx, { organisationId: organisation.id, catalogue: content });
      return importAchievements(tx, {
        organisationId: organisation.id,
        organisationName: organisation.publicName,
        catalogue: content,
      });
    });
    console.log(JSON.stringify({ workshops: content.workshops.length, badges }, null, 2));
    return 0;
  });

/** Analyses, tells, and unless --dry-run imports exactly what was told. Exit code 1 when the file is refused. */
export const campaign = (words: Words): Promise<number> =>
  onInstance(words, async ({ service, values, positionals, isServed }) => {
    const file = positionals[0]!;
    const organisation = await organisationOf(service, values.organisation);
    const language = values.lang === 'fr' || values.lang === 'en' ? values.lang : terminalLanguage();
    const request = { organisationId: organisation.id, bytes: read(file), fileName: basename(file) };
    if (values.correct) return correctCampaign({ service, values }, request);
    const campaigns = new ImportCampaign(service.database);
    const plan = await campaigns.analyse(request);
    if (!values.json) console.log(formatPlan(plan, language));
    if (plan.refusal || values['dry-run']) {
      if (values.json) console.log(JSON.stringify({ plan }, null, 2));
      return plan.refusal ? 1 : 0;
    }
    const awarded = await new AwardCampaign(service.database, campaigns, service.queue, service.origin).run({
      ...request,
      confirmStaff: values['confirm-staff'] === true,
      expectedDigest: plan.digest,
      by: actorIn({ values }, 'command-line'),
    });
    if (values.json) console.log(JSON.stringify({ plan, ...awarded }, null, 2));
    else console.log(outcome(awarded, isServed, language));
    return 0;
  });

function outcome(
  { campaign, awards }: Awaited<ReturnType<AwardCampaign['run']>>,
  isServed: boolean,
  language: 'fr' | 'en',
): string {
  const planned = Object.entries(awards.planned);
  const total = planned.reduce((sum, [, count]) => sum + count, 0);
  const list = planned.map(([badge, count]) => `${badge} ${count}`).join(' · ');
  const lines =
    language === 'fr'
      ? [
          campaign.state === 'already_imported'
            ? 'Ce fichier était déjà importé : rien ne change.'
            : 'Import terminé.',
          `Badges prévus : ${total}${list && ` (${list})`}`,
          ...(awards.waitingForStaff.length > 0
            ? [
                `${awards.waitingForStaff.length} badges attendent la confirmation des encadrants : relancez avec --confirm-staff.`,
              ]
            : []),
          ...(total > 0 && !isServed ? ['Ils seront signés au prochain « npm start ».'] : []),
        ]
      : [
          campaign.state === 'already_imported'
            ? 'This file was imported before: nothing changes.'
            : 'Import done.',
          `Badges planned: ${total}${list && ` (${list})`}`,
          ...(awards.waitingForStaff.length > 0
            ? [
                `${awards.waitingForStaff.length} badges wait until the staff is confirmed: run again with --confirm-staff.`,
              ]
            : []),
          ...(total > 0 && !isServed ? ['They will be signed at the next "npm start".'] : []),
        ];
  return lines.join('\n');
}

function read(file: string): Buffer {
  try {
    const { size } = statSync(file);
    if (size <= largestRead) return readFileSync(file);
    const megabytes = Math.round(size / megabyte);
    throw new FileNotReadable({
      fr: `${file} pèse ${megabytes} Mo ; la limite est de 5 Mo. Découpez la campagne en plusieurs fichiers, avec la ligne de titres dans chacun.`,
      en: `${file} has ${megabytes} MB; the limit is 5 MB. Split the campaign into several files, each with the line of titles.`,
    });
  } catch (cause) {
    if (cause instanceof FileNotReadable) throw cause;
    const why = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new FileNotReadable(
      {
        fr: `${file} ne peut pas être lu (${why}) : vérifiez le chemin et les droits du fichier.`,
        en: `${file} can't be read (${why}): check the path and the rights of the file.`,
      },
      { cause },
    );
  }
}
