import { type Language, textIn } from '#platform';
import type { CheckReport } from './check-issued.js';
import { type Fault, type FaultCode, faultWords } from './faults.js';

/** The report with what each fault means and what to do, in both languages. */
export const reportWithWords = (report: CheckReport): object => ({
  ...report,
  faults: report.faults.map((fault) => ({ ...fault, ...faultWords[fault.code] })),
});

const shownOfEach = 50;

/** The report for a person: at most fifty faults of each kind, with what to do, and the counts. */
export function reportInWords(report: CheckReport, language: Language): string {
  const byCode = new Map<FaultCode, Fault[]>();
  for (const fault of report.faults) {
    const same = byCode.get(fault.code);
    if (same) same.push(fault);
    else byCode.set(fault.code, [fault]);
  }
  return [
    ...[...byCode].flatMap(([code, faults]) => faultsInWords(code, faults, language)),
    textIn(summaryOf(report), language),
  ].join('\n');
}

function faultsInWords(code: FaultCode, faults: Fault[], language: Language): string[] {
  const { what, remedy } = faultWords[code];
  const shown = faults.slice(0, shownOfEach).map(({ ids }) =>
    Object.entries(ids)
      .map(([name, id]) => `${name} ${id}`)
      .join(', '),
  );
  const more = faults.length - shown.length;
  const rest = {
    fr: `… et ${more} autres (--json les donne tous)`,
    en: `… and ${more} more (--json gives them all)`,
  };
  return [
    `✗ ${code}  ${textIn(what, language)}`,
    ...shown.map((about) => `  ${about}`),
    ...(more > 0 ? [`  ${textIn(rest, language)}`] : []),
    `  → ${textIn(remedy, language)}`,
  ];
}

function summaryOf({ isComplete, credentials, auditLines, archived, seconds, faults }: CheckReport): {
  fr: string;
  en: string;
} {
  const count = faults.length;
  const fr = `${credentials} badges, ${auditLines} lignes d’audit et ${archived} badges de l’archive relus en ${seconds} s`;
  const en = `${credentials} badges, ${auditLines} audit lines and ${archived} archived badges read in ${seconds} s`;
  if (!isComplete)
    return {
      fr: `CONTRÔLE INCOMPLET, arrêté avant la fin. ${fr} : ${count} défaut(s) jusque-là. Le reste n’a pas été contrôlé.`,
      en: `CHECK INCOMPLETE, ended before its end. ${en}: ${count} fault(s) until then. The rest was not checked.`,
    };
  return {
    fr: `${fr} : ${count === 0 ? 'aucun défaut' : `${count} défaut(s)`}`,
    en: `${en}: ${count === 0 ? 'no fault' : `${count} fault(s)`}`,
  };
}
