import type { Text } from '#platform';
import type { BadgeCardView, LinkView } from './view-models.js';

export interface FrameworkSummaryView extends LinkView {
  code: string;
  version: string;
  publisher: string;
  competencyCount: number;
}

export interface CompetencyLinkView extends LinkView {
  code: string;
}

export interface FrameworkPageView {
  title: Text;
  code: string;
  version: string;
  publisher: string;
  /** As the publisher dates it, e.g. '2022-03-17'. */
  issued?: string;
  licence: { spdx?: string; attribution?: string };
  /** Where the data comes from and what is ours in it, one statement each. */
  provenance: Text[];
  levels: { code: string; name: Text; description?: Text }[];
  /** Areas with their competences; an area without children is a competence itself. */
  areas: (CompetencyLinkView & { children: CompetencyLinkView[] })[];
  otherVersions: { version: string; href: string }[];
  jsonHref?: string;
}

/** How a competency stands to another one, seen from the page's own: each has its plain words. */
export type MatchKind =
  | 'same'
  | 'close'
  | 'peer'
  | 'part'
  | 'whole'
  | 'before'
  | 'after'
  | 'replacedBy'
  | 'replaces'
  | 'translates'
  | 'translated'
  | 'broader'
  | 'narrower'
  | 'other';

/** A competency elsewhere and what somebody says of it. */
export interface MatchView {
  kind: MatchKind;
  /** Left out where only an address is known. */
  framework?: Text;
  code?: string;
  title?: Text;
  /** Its page here, or its address elsewhere. */
  href?: string;
  isElsewhere?: boolean;
  note?: Text;
  /** Who says so, when (YYYY-MM-DD), and in what. */
  said?: { by: string; on: string; source: string; sourceHref?: string };
}

export interface CompetencyPageView {
  framework: { title: Text; version: string; href: string };
  code: string;
  type: string;
  title: Text;
  description?: Text;
  /** The address that the publisher gave, when there is one. */
  officialUri?: string;
  parent?: CompetencyLinkView;
  children: CompetencyLinkView[];
  crosswalk: MatchView[];
  badges: BadgeCardView[];
  jsonHref?: string;
}
