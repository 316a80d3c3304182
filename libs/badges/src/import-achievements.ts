import type { EntityManager } from 'typeorm';
import { type AlignedCompetency, type AlignedLevel, exactMatchesOf, resolveAlignments } from '#frameworks';
import { canonicalJson, DomainError, publicId, sha256Hex, type Text, uuid } from '#platform';
import type { Catalogue, CatalogueBadge, CatalogueWorkshop } from '#workshops';
import {
  Achievement,
  type AchievementAlignment,
  type AchievementKind,
  type AlignmentLevel,
} from './achievement.js';
import { type BadgePicture, type CompetencyArea } from './picture/badge-picture.js';
import { initialsOf } from './picture/lettering.js';
import type { BadgeFamily } from './picture/outline.js';
import { pictogramFor } from './picture/pictograms.js';
import { type AwardRule, type Condition, type FactKind, parseAwardRule } from './rule.js';

/** A badge of the catalogue asks for something that this service does not know (`catalogue_badge_unknown_requirement`). */
export class UnknownRequirement extends DomainError {
  readonly code = 'catalogue_badge_unknown_requirement';
}

const families: Record<AchievementKind, BadgeFamily> = {
  workshop: 'learner',
  pathway: 'pathway',
  'peer-animator': 'peer-animator',
  professional: 'professional',
};

const factKinds: Record<string, FactKind> = {
  'formation-animateur': 'animator-training',
  'observation-cip': 'animator-observation',
  'formation-diagnostic': 'diagnostic-training',
};

/** The rule that a catalogue badge's `requires` stands for. @throws UnknownRequirement, InvalidInput */
export function ruleOf(badge: CatalogueBadge, catalogue: Catalogue): AwardRule {
  const all: Condition[] = [];
  for (const code of badge.requires.allOf ?? []) {
    const workshop = catalogue.workshops.find((w) => w.code === code);
    if (workshop)
      all.push(
        { presence: { workshop: code } },
        { acquired: { workshop: code, criteria: workshop.criteria.map((c) => c.code) } },
      );
    else if (catalogue.badges.some((b) => b.code === code)) all.push({ badge: code });
    else
      throw new UnknownRequirement(`Badge ${badge.code} requires ${code}, which the catalogue does not have`);
  }
  for (const evidence of badge.requires.evidence ?? []) {
    const kind = factKinds[evidence.type];
    if (evidence.type === 'atelier-anime') all.push({ animated: { sessions: evidence.min } });
    else if (kind) all.push({ fact: { kind, count: evidence.min } });
    else
      throw new UnknownRequirement(`Badge ${badge.code} requires evidence of unknown type ${evidence.type}`);
  }
  return parseAwardRule({ all });
}

/** Workshops a badge stands on, directly or through the badges it requires. */
function workshopsOf(badge: CatalogueBadge, catalogue: Catalogue): CatalogueWorkshop[] {
  return (badge.requires.allOf ?? []).flatMap((code) => {
    const workshop = catalogue.workshops.find((w) => w.code === code);
    const part = catalogue.badges.find((b) => b.code === code && b.code !== badge.code);
    return workshop ? [workshop] : part ? workshopsOf(part, catalogue) : [];
  });
}

function descriptionOf(badge: CatalogueBadge, workshops: CatalogueWorkshop[]): Text {
  if (badge.kind === 'workshop' && workshops[0]) return workshops[0].aim;
  if (workshops.length > 0)
    return {
      fr: `Parcours complet : ${workshops.map((w) => w.title.fr).join(' ; ')}.`,
      en: `Complete pathway: ${workshops.map((w) => w.title.en ?? w.title.fr).join('; ')}.`,
    };
  return badge.easyText ?? badge.name;
}

/**
 * Makes the achievements of a catalogue, in the caller's transaction. The same catalogue again changes nothing;
 * changed content makes the next version and the former one stays for the badges that carry it.
 * @returns how many achievements are new, how many new versions, how many unchanged
 */
export async function importAchievements(
  tx: EntityManager,
  input: { organisationId: string; organisationName: string; catalogue: Catalogue },
): Promise<{ created: number; revised: number; unchanged: number }> {
  const { catalogue } = input;
  const wanted = catalogue.badges.map((badge) => {
    const workshops = workshopsOf(badge, catalogue);
    return { badge, workshops, references: workshops.flatMap((w) => w.alignments) };
  });
  const targets = await alignedTargets(
    tx,
    wanted.flatMap((w) => w.references),
  );
  const matches = await exactMatches(
    tx,
    wanted.flatMap((w) => w.references),
    targets,
  );
  const existing = await tx.findBy(Achievement, { organisationId: input.organisationId });
  const counts = { created: 0, revised: 0, unchanged: 0 };
  for (const { badge, workshops, references } of wanted) {
    const alignments = highestOfEach(references, targets, matches).map(
      ({ reference, target }): AchievementAlignment => {
        return {
          framework: target.framework,
          frameworkVersion: target.version,
          frameworkName: target.frameworkTitle,
          code: target.code,
          name: target.title,
          officialUri: target.officialUri,
          ...(target.level && { level: alignmentLevel(target.level, reference.gloss) }),
        };
      },
    );
    const content = {
      code: badge.code,
      kind: badge.kind,
      workshopCode: badge.kind === 'workshop' ? (workshops[0]?.code ?? null) : null,
      name: badge.name,
      description: descriptionOf(badge, workshops),
      easyText:
        badge.easyText ??
        (badge.kind === 'workshop' ? workshops[0]?.easyText : undefined) ??
        joinEasyTexts(workshops),
      criteria: badge.criteria ?? workshops.flatMap((w) => w.criteria),
      alignments,
      picture: pictureOf(badge, alignments, input.organisationName),
      rule: ruleOf(badge, catalogue),
    };
    const contentHash = contentHashOf(content);
    const versions = existing.filter((a) => a.code === badge.code).sort((a, b) => b.version - a.version);
    const current = versions[0];
    if (current && current.contentHash === contentHash) {
      counts.unchanged += 1;
      continue;
    }
    if (current) await tx.update(Achievement, { id: current.id }, { supersededAt: () => 'now()' });
    await tx.insert(Achievement, {
      id: uuid(),
      organisationId: input.organisationId,
      publicId: publicId(),
      version: (current?.version ?? 0) + 1,
      contentHash,
      ...content,
    } as never);
    if (current) counts.revised += 1;
    else counts.created += 1;
  }
  return counts;
}

type Content = Pick<
  Achievement,
  | 'code'
  | 'kind'
  | 'workshopCode'
  | 'name'
  | 'description'
  | 'easyText'
  | 'criteria'
  | 'alignments'
  | 'picture'
  | 'rule'
>;

/** SHA-256 of all that makes one version of a badge another one: what its `contentHash` must be, in hexadecimal. */
export const contentHashOf = (one: Content): string => {
  const { code, kind, workshopCode, name, description, easyText, criteria, alignments, picture, rule } = one;
  return sha256Hex(
    canonicalJson({
      code,
      kind,
      workshopCode,
      name,
      description,
      easyText,
      criteria,
      alignments,
      picture,
      rule,
    }),
  );
};

type Reference = CatalogueWorkshop['alignments'][number];

const keyOf = (r: Reference): string => JSON.stringify([r.framework, r.code, r.level]);

/** What each reference points at, by `keyOf`, in one query. */
async function alignedTargets(
  tx: EntityManager,
  references: Reference[],
): Promise<Map<string, AlignedCompetency>> {
  const unique = [...new Map(references.map((r) => [keyOf(r), r])).entries()];
  const targets = await resolveAlignments(
    tx,
    unique.map(([, { framework, code, level }]) => ({
      framework,
      code,
      ...(level !== undefined && { level }),
    })),
  );
  return new Map(unique.map(([key], at) => [key, targets[at]!]));
}

/** What a crosswalk says is the same as the competencies whose matches the catalogue asks for, by their id. */
async function exactMatches(
  tx: EntityManager,
  references: Reference[],
  targets: Map<string, AlignedCompetency>,
): Promise<Map<string, AlignedCompetency[]>> {
  const asked = [
    ...new Map(
      references
        .filter((reference) => reference.exactMatches)
        .map((reference) => targets.get(keyOf(reference))!)
        .map((target) => [target.id, target]),
    ).values(),
  ];
  if (asked.length === 0) return new Map();
  const found = await exactMatchesOf(tx, asked);
  return new Map(asked.map((target, at) => [target.id, found[at]!]));
}

/**
 * One alignment a competency: where workshops of a pathway reach different levels, the highest counts. Exact matches
 * follow, without a level: levels of two frameworks are two scales.
 */
function highestOfEach(
  references: Reference[],
  targets: Map<string, AlignedCompetency>,
  matches: Map<string, AlignedCompetency[]>,
): { reference: Reference; target: AlignedCompetency }[] {
  const kept = new Map<string, { reference: Reference; target: AlignedCompetency }>();
  for (const reference of references) {
    const target = targets.get(keyOf(reference))!;
    const known = kept.get(target.id);
    if (!known || (known.target.level?.ordinal ?? 0) < (target.level?.ordinal ?? 0))
      kept.set(target.id, { reference, target });
  }
  for (const reference of references.filter((one) => one.exactMatches))
    for (const target of matches.get(targets.get(keyOf(reference))!.id) ?? [])
      if (!kept.has(target.id)) kept.set(target.id, { reference, target });
  return [...kept.values()];
}

const alignmentLevel = ({ code, name, description }: AlignedLevel, gloss?: Text): AlignmentLevel => ({
  code,
  name,
  ...(description && { description }),
  ...(gloss && { gloss }),
});

const joinEasyTexts = (workshops: CatalogueWorkshop[]): Text => ({
  fr:
    workshops
      .map((w) => w.easyText.fr)
      .filter(Boolean)
      .join(' ') || undefined,
  en:
    workshops
      .map((w) => w.easyText.en)
      .filter(Boolean)
      .join(' ') || undefined,
});

function pictureOf(
  badge: CatalogueBadge,
  alignments: AchievementAlignment[],
  organisationName: string,
): BadgePicture {
  const area = alignments[0]?.code.charAt(0) ?? '2';
  return {
    family: families[badge.kind],
    area: (/[1-5]/.test(area) ? area : '2') as CompetencyArea,
    pictogram: pictogramFor(badge.code),
    initials: initialsOf(organisationName),
  };
}
