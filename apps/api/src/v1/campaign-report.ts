import type { Language } from '#platform';
import type { CampaignCounts, CampaignPlan, Issue, PlannedCase, UnknownStaff } from '#workshops';
import { counts, daySchema, objectOf, oneOf, orNull, titled } from './schemas.js';

const list = (items: object) => ({ type: 'array', items });
const text = { type: 'string' } as const;

const issueSchema = objectOf({
  code: text,
  severity: oneOf(['reject', 'hold', 'duplicate', 'no_award', 'warning', 'info']),
  column: { ...orNull(text), description: 'Title of the column; null for the whole row or file.' },
  message: { type: 'string', description: 'What is wrong, in the language of the report.' },
  remedy: { type: 'string', description: 'What to do.' },
});

/** JSON Schema of `campaignReport`. */
export const campaignReportSchema = titled(
  'CampaignReport',
  objectOf({
    language: oneOf(['fr', 'en']),
    fileName: text,
    fileSha256: text,
    digest: { type: 'string', description: 'Names what an import would write: pass it as expectedDigest.' },
    refusal: { anyOf: [issueSchema, { type: 'null' }], description: 'Why no row can be imported.' },
    columns: objectOf({ unknown: list(text), absent: list(text) }),
    counts,
    rows: list(
      objectOf({
        row: { type: 'integer' },
        line: { type: 'integer' },
        verdict: oneOf(['accepted', 'accepted_with_warning', 'no_award', 'held', 'rejected', 'duplicate']),
        issues: list(issueSchema),
      }),
    ),
    sessionNotices: list(objectOf({ session: text, issues: list(issueSchema) })),
    unknownStaff: list(
      objectOf({
        name: text,
        reason: oneOf(['unknown', 'no_mandate', 'ambiguous']),
        asAssessor: { type: 'boolean' },
        asLead: { type: 'boolean' },
        asCoAnimator: { type: 'boolean' },
        sessions: list(text),
        firstDate: daySchema,
      }),
    ),
    peerAnimators: list(objectOf({ name: text, sessions: list(text), firstDate: daySchema })),
    heldCases: list(
      objectOf({
        kind: text,
        sessions: list(text),
        people: list(
          objectOf({ name: text, birthYear: orNull({ type: 'integer' }), known: { type: 'boolean' } }),
        ),
        rows: list({ type: 'integer' }),
      }),
    ),
  }),
);

const issueView = ({ code, severity, column, message, remedy }: Issue, language: Language) => ({
  code,
  severity,
  column,
  message: message[language],
  remedy: remedy[language],
});

const staffView = (one: UnknownStaff) => ({
  name: one.name,
  reason: one.reason,
  asAssessor: one.asAssessor,
  asLead: one.asLead,
  asCoAnimator: one.asCoAnimator,
  sessions: one.sessions,
  firstDate: one.firstDate,
});

const caseView = ({ kind, sessionCodes, people, rows }: PlannedCase) => ({
  kind,
  sessions: sessionCodes,
  people: people.map(({ name, birthYear, known }) => ({ name, birthYear, known })),
  rows: rows.map(({ row }) => row),
});

/** What an import of a file does, for whoever sent it: every remark in their language. No private cell is in it. */
export function campaignReport(plan: CampaignPlan, language: Language) {
  const told = (issues: Issue[]) => issues.map((one) => issueView(one, language));
  return {
    language,
    fileName: plan.fileName,
    fileSha256: plan.fileSha256,
    digest: plan.digest,
    refusal: plan.refusal && issueView(plan.refusal, language),
    columns: { unknown: plan.columns.unknown, absent: plan.columns.absent },
    counts: { ...plan.counts } satisfies CampaignCounts,
    rows: plan.rows.map(({ row, line, verdict, issues }) => ({ row, line, verdict, issues: told(issues) })),
    sessionNotices: plan.sessionNotices.map(({ session, issues }) => ({ session, issues: told(issues) })),
    unknownStaff: plan.unknownStaff.map(staffView),
    peerAnimators: plan.peerAnimators.map(({ name, sessions, firstDate }) => ({ name, sessions, firstDate })),
    heldCases: plan.heldCases.map(caseView),
  };
}
