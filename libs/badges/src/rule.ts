import { compileSchema, readProjectJson, type Text } from '#platform';
import type { Established } from './award.js';

export type Condition =
  | { presence: { workshop: string; sessions?: number } }
  | { acquired: { workshop: string; criteria?: string[] } }
  | { badge: string }
  | { animated: { sessions: number } }
  | { fact: { kind: FactKind; count?: number } };

export type FactKind = 'animator-training' | 'animator-observation' | 'diagnostic-training';

/** When a badge is awarded, as data: schemas/award-rule.schema.json. */
export interface AwardRule {
  all: Condition[];
}

/** @throws InvalidInput (`invalid_input`) naming each fault */
export const parseAwardRule: (value: unknown) => AwardRule = compileSchema<AwardRule>(
  readProjectJson('schemas', 'award-rule.schema.json'),
  'Award rule',
);

/** Everything recorded about one person in one structure that a rule may look at. Dates are YYYY-MM-DD. */
export interface Facts {
  personId: string;
  attendances: {
    sessionId: string;
    workshopCode: string;
    heldOn: string;
    status: 'present' | 'absent' | 'excused';
  }[];
  assessments: {
    sessionId: string;
    workshopCode: string;
    targetKind: 'competency' | 'criterion';
    targetCode: string;
    outcome: 'acquired' | 'almost' | 'not_yet' | 'not_assessed';
    assessorPersonId: string | null;
    assessedOn: string;
  }[];
  animated: { sessionId: string; heldOn: string }[];
  professional: { kind: FactKind; occurredOn: string; recordedByPersonId: string | null }[];
}

export interface RuleContext {
  /** Had this person the assessor's mandate in the structure on that date? */
  mandated(personId: string, date: string): boolean;
  /** Badges the person already holds, with the date each was earned. */
  held: ReadonlyMap<string, string>;
}

/** One fact that made an award, in words for the person and with the ids that prove it. */
export interface Reason {
  code: string;
  text: Text;
  sessionId?: string;
  badge?: string;
  assessorPersonId?: string;
  on?: string;
}

/** Code of what was assessed, as the text of a reason for `acquired` names it; undefined for any other reason. */
export const assessedTarget = ({ code, text }: Reason): string | undefined =>
  code === 'acquired' ? /^(.+) assessed "acquired" on \S+$/s.exec(text.en ?? '')?.[1] : undefined;

export type Evaluation =
  | {
      met: true;
      reasons: Reason[];
      /** YYYY-MM-DD of the last fact that was needed. */
      on: string;
      sessionId: string | null;
      assessorPersonId: string | null;
      assessedOn: string | null;
      established: Established;
    }
  | { met: false; missing: Reason[] };

interface Step {
  met: boolean;
  reasons: Reason[];
  assessors?: string[];
}

const no = (code: string, fr: string, en: string): Step => ({
  met: false,
  reasons: [{ code, text: { fr, en } }],
});

function presence(facts: Facts, condition: { workshop: string; sessions?: number }): Step {
  const wanted = condition.sessions ?? 1;
  const present = facts.attendances
    .filter((a) => a.workshopCode === condition.workshop && a.status === 'present')
    .sort((a, b) => a.heldOn.localeCompare(b.heldOn));
  if (present.length < wanted)
    return no(
      'presence_missing',
      `Présence à ${wanted} séance(s) de l'atelier ${condition.workshop}.`,
      `Presence at ${wanted} session(s) of workshop ${condition.workshop}.`,
    );
  return {
    met: true,
    reasons: present.slice(0, wanted).map((a) => ({
      code: 'present',
      text: {
        fr: `Présent·e à l'atelier ${condition.workshop} le ${a.heldOn}.`,
        en: `Present at workshop ${condition.workshop} on ${a.heldOn}.`,
      },
      sessionId: a.sessionId,
      on: a.heldOn,
    })),
  };
}

function acquired(
  facts: Facts,
  context: RuleContext,
  condition: { workshop: string; criteria?: string[] },
): Step {
  const attended = new Set(
    facts.attendances
      .filter((a) => a.workshopCode === condition.workshop && a.status === 'present')
      .map((a) => a.sessionId),
  );
  const bySession = new Map<string, Facts['assessments']>();
  for (const assessment of facts.assessments)
    if (attended.has(assessment.sessionId) && assessment.outcome !== 'not_assessed')
      bySession.set(assessment.sessionId, [...(bySession.get(assessment.sessionId) ?? []), assessment]);

  let refusal = no(
    'acquired_missing',
    `Une évaluation « acquis » dans une séance de l'atelier ${condition.workshop}.`,
    `An assessment "acquired" in a session of workshop ${condition.workshop}.`,
  );
  const sessions = [...bySession.values()].sort((a, b) =>
    (a[0]?.assessedOn ?? '').localeCompare(b[0]?.assessedOn ?? ''),
  );
  for (const assessments of sessions) {
    if (assessments.some((a) => a.outcome !== 'acquired')) continue;
    const trusted = assessments.filter(
      (a) =>
        a.assessorPersonId !== null &&
        a.assessorPersonId !== facts.personId &&
        context.mandated(a.assessorPersonId, a.assessedOn),
    );
    if (trusted.length < assessments.length) {
      refusal = no(
        'assessor_not_mandated',
        "La personne qui a évalué n'est pas confirmée comme évaluatrice de la structure à cette date.",
        'The person who assessed is not confirmed as an assessor of the structure on that date.',
      );
      continue;
    }
    const criteria = assessments.filter((a) => a.targetKind === 'criterion').map((a) => a.targetCode);
    const lacking =
      criteria.length > 0 ? (condition.criteria ?? []).filter((code) => !criteria.includes(code)) : [];
    if (lacking.length > 0) {
      refusal = no(
        'criteria_missing',
        `Critères à évaluer : ${lacking.join(', ')}.`,
        `Criteria to assess: ${lacking.join(', ')}.`,
      );
      continue;
    }
    const first = trusted[0]!;
    return {
      met: true,
      assessors: [...new Set(trusted.map((a) => a.assessorPersonId!))],
      reasons: trusted.map((a) => ({
        code: 'acquired',
        text: {
          fr: `${a.targetCode} évalué « acquis » le ${a.assessedOn}.`,
          en: `${a.targetCode} assessed "acquired" on ${a.assessedOn}.`,
        },
        sessionId: first.sessionId,
        assessorPersonId: a.assessorPersonId!,
        on: a.assessedOn,
      })),
    };
  }
  return refusal;
}

function holds(context: RuleContext, badge: string): Step {
  const on = context.held.get(badge);
  return on === undefined
    ? no('badge_missing', `Le badge ${badge}.`, `The badge ${badge}.`)
    : {
        met: true,
        reasons: [
          { code: 'badge', text: { fr: `Badge ${badge} obtenu.`, en: `Badge ${badge} earned.` }, badge, on },
        ],
      };
}

function animated(facts: Facts, wanted: number): Step {
  const sessions = [...new Map(facts.animated.map((s) => [s.sessionId, s])).values()].sort((a, b) =>
    a.heldOn.localeCompare(b.heldOn),
  );
  if (sessions.length < wanted)
    return no(
      'animated_missing',
      `${wanted} ateliers animés (${sessions.length} à ce jour).`,
      `${wanted} sessions animated (${sessions.length} so far).`,
    );
  return {
    met: true,
    reasons: sessions.slice(0, wanted).map((s) => ({
      code: 'animated',
      text: { fr: `A animé un atelier le ${s.heldOn}.`, en: `Animated a workshop on ${s.heldOn}.` },
      sessionId: s.sessionId,
      on: s.heldOn,
    })),
  };
}

function recorded(facts: Facts, context: RuleContext, condition: { kind: FactKind; count?: number }): Step {
  const wanted = condition.count ?? 1;
  const trusted = facts.professional.filter(
    (f) =>
      f.kind === condition.kind &&
      f.recordedByPersonId !== null &&
      f.recordedByPersonId !== facts.personId &&
      context.mandated(f.recordedByPersonId, f.occurredOn),
  );
  const words = factWords[condition.kind];
  if (trusted.length < wanted)
    return no('fact_missing', `${words.fr} (${wanted}).`, `${words.en} (${wanted}).`);
  return {
    met: true,
    assessors: trusted.slice(0, wanted).map((f) => f.recordedByPersonId!),
    reasons: trusted.slice(0, wanted).map((f) => ({
      code: condition.kind.replace('-', '_'),
      text: { fr: `${words.fr}, le ${f.occurredOn}.`, en: `${words.en}, on ${f.occurredOn}.` },
      assessorPersonId: f.recordedByPersonId!,
      on: f.occurredOn,
    })),
  };
}

const factWords: Record<FactKind, { fr: string; en: string }> = {
  'animator-training': { fr: "Formation d'animateur suivie", en: 'Animator training followed' },
  'animator-observation': { fr: 'Observation par un·e professionnel·le', en: 'Observed by a professional' },
  'diagnostic-training': { fr: 'Formation au diagnostic suivie', en: 'Diagnostic training followed' },
};

function step(condition: Condition, facts: Facts, context: RuleContext): Step {
  if ('presence' in condition) return presence(facts, condition.presence);
  if ('acquired' in condition) return acquired(facts, context, condition.acquired);
  if ('badge' in condition) return holds(context, condition.badge);
  if ('animated' in condition) return animated(facts, condition.animated.sessions);
  return recorded(facts, context, condition.fact);
}

/**
 * Does the person earn the badge? Pure: the same facts give the same answer, with the facts that made it so,
 * or what is still missing. An assessment counts only from a mandated assessor who is not the learner (I6).
 */
export function evaluateRule(rule: AwardRule, facts: Facts, context: RuleContext): Evaluation {
  const steps = rule.all.map((condition) => step(condition, facts, context));
  const missing = steps.filter((s) => !s.met).flatMap((s) => s.reasons);
  if (missing.length > 0) return { met: false, missing };
  const reasons = steps.flatMap((s) => s.reasons);
  const assessors = new Set(steps.flatMap((s) => s.assessors ?? []));
  const judged = reasons.find((r) => r.assessorPersonId !== undefined);
  const sessionReason =
    reasons.find((r) => r.code === 'acquired') ?? reasons.find((r) => r.code === 'present');
  return {
    met: true,
    reasons,
    on: reasons
      .map((r) => r.on ?? '')
      .sort()
      .at(-1)!,
    sessionId: sessionReason?.sessionId ?? null,
    assessorPersonId: judged?.assessorPersonId ?? null,
    assessedOn: judged?.on ?? null,
    established:
      assessors.size > 1
        ? 'observed-by-two'
        : assessors.size === 1 || reasons.some((r) => r.code === 'badge')
          ? 'observed-by-one'
          : 'attended',
  };
}
