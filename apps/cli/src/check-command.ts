import { Organisation } from '#people';
import { type Language, textIn } from '#platform';
import { openCheckDatabase } from './check/check-database.js';
import { type CheckReport, type CheckStep, checkIssued } from './check/check-issued.js';
import { faultWords } from './check/faults.js';
import { connectInstance } from './instance.js';
import { tellOnStderr, terminalLanguage } from './terminal.js';
import { parseWords, Usage } from './usage.js';

const usage = 'insigne check [--json] [--organisation SLUG] [--since YYYY-MM-DD]';
const text = { type: 'string' } as const;
const couldNotCheck = 2;

/**
 * `insigne check`: re-reads everything that was issued.
 * @returns 0 when all is as it must be, 1 when there are faults, 2 when it could not be checked
 */
export async function checkCommand(args: string[]): Promise<number> {
  const { values } = parseWords({
    args,
    options: {
      data: text,
      port: text,
      origin: text,
      organisation: text,
      since: text,
      json: { type: 'boolean' },
    },
  });
  const since = values.since as string | undefined;
  if (since !== undefined && !/^\d{4}-\d\d-\d\d$/.test(since)) throw new Usage(usage);
  const language = terminalLanguage();
  try {
    const report = await run(values as Record<string, string | undefined>, since);
    if (!report) throw new Usage(usage);
    if (values.json) console.log(JSON.stringify(withWords(report), null, 2));
    else console.log(inWords(report, language));
    return report.faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof Usage) throw error;
    const why = (error as Error).message;
    tellOnStderr({
      fr: `Le contrôle n’a pas pu se faire : ${why}`,
      en: `The check could not be made: ${why}`,
    });
    return couldNotCheck;
  }
}

async function run(
  values: Record<string, string | undefined>,
  since: string | undefined,
): Promise<CheckReport | undefined> {
  const { data, port, origin, organisation } = values;
  const instance = await connectInstance({ data, port, origin }, process.env, tellOnStderr);
  try {
    const database = await openCheckDatabase(instance.workerUrl);
    try {
      const found =
        organisation === undefined
          ? undefined
          : await database.getRepository(Organisation).findOneBy({ slug: organisation });
      if (found === null) return undefined;
      return await checkIssued(database, {
        databaseUrl: instance.workerUrl,
        origin: instance.origin,
        archiveFolder: instance.archiveFolder,
        scope: { organisationId: found?.id, since },
        onProgress: progress(),
      });
    } finally {
      await database.destroy();
    }
  } finally {
    await instance.close();
  }
}

const stepNames: Record<CheckStep, { fr: string; en: string }> = {
  credentials: { fr: 'badges', en: 'badges' },
  database: { fr: 'base', en: 'database' },
  lists: { fr: 'listes de statut', en: 'status lists' },
  audit: { fr: 'lignes du journal', en: 'audit lines' },
  archive: { fr: 'badges de l’archive', en: 'archived badges' },
};

/** A line on stderr at most every two seconds. */
function progress(): (step: CheckStep, done: number, total?: number) => void {
  let told = performance.now();
  return (step, done, total) => {
    if (performance.now() - told < 2_000) return;
    told = performance.now();
    const count = total === undefined ? `${done}` : `${done}/${total}`;
    tellOnStderr({ fr: `${stepNames[step].fr} : ${count}`, en: `${stepNames[step].en}: ${count}` });
  };
}

const withWords = (report: CheckReport) => ({
  ...report,
  faults: report.faults.map((fault) => ({ ...fault, ...faultWords[fault.code] })),
});

function inWords({ faults, ...counts }: CheckReport, language: Language): string {
  const lines = faults.map(({ code, ids }) => {
    const { what, remedy } = faultWords[code];
    const about = Object.entries(ids)
      .map(([name, id]) => `${name} ${id}`)
      .join(', ');
    return `✗ ${code}  ${textIn(what, language)}\n  ${about}\n  → ${textIn(remedy, language)}`;
  });
  const read = {
    fr: `${counts.credentials} badges, ${counts.auditLines} lignes d’audit et ${counts.archived} badges de l’archive relus en ${counts.seconds} s : ${faults.length === 0 ? 'aucun défaut' : `${faults.length} défaut(s)`}`,
    en: `${counts.credentials} badges, ${counts.auditLines} audit lines and ${counts.archived} archived badges read in ${counts.seconds} s: ${faults.length === 0 ? 'no fault' : `${faults.length} fault(s)`}`,
  };
  return [...lines, textIn(read, language)].join('\n');
}
