import type { Established } from '#badges';
import type { Text } from '#platform';

/** The five answers a verification can give; no other exists. */
export type Verdict = 'authentic' | 'expired' | 'withdrawn' | 'cannot_check' | 'not_authentic';

/** How an award was established, weakest first: the steps of the scale that the page draws. */
export const establishedSteps: readonly Established[] = [
  'declared',
  'attended',
  'observed-by-one',
  'observed-by-two',
  'tested',
];

/** What the issuer did with a badge that no longer counts, or does not for now. */
export interface WithdrawalView {
  kind: 'withdrawn' | 'suspended' | 'replaced';
  /** 'YYYY-MM-DD' */
  on: string;
  /** A neutral class; the story behind it is never shown. */
  reason?: Text;
  /** The badge that stands in its place, when its learner shows it. */
  newerHref?: string;
}

/** One named check of the verifier, in the words of its report. */
export interface CheckView {
  /** 'content' sums up what comes before a proof can be read: parsing, contexts, inner links. */
  name: 'content' | 'proof' | 'schema' | 'issuer' | 'dates' | 'status';
  outcome: 'passed' | 'failed' | 'unknown';
}

/** A picture by its paths on this host. */
export interface PictureView {
  svg: string;
  png: string;
  alt: Text;
}

/** An address with the words that name it. */
export interface LinkView {
  href: string;
  title: Text;
}

export interface BadgeCardView extends LinkView {
  picture: PictureView;
}

/** Who issued a badge, as much as a stranger may know. */
export interface IssuerView {
  /** The neutral name that the structure chose to show. */
  publicName: string;
  legalName?: string;
  /** 14 digits. */
  siret?: string;
  /** Host name of the structure's own site. */
  domain?: string;
  /** Page of the issuer on this host. */
  href: string;
  memberOf?: { name: string; href?: string };
  /** 'YYYY-MM-DD' */
  since?: string;
  /** 'YYYY-MM-DD' when the structure has closed; its badges stay verifiable. */
  closedOn?: string;
}

/** A competency that a badge is aligned with, with the level reached in plain words. */
export interface AlignmentView {
  framework: Text;
  frameworkVersion: string;
  code: string;
  title: Text;
  /** What the framework says the competency is. */
  description?: Text;
  /** Page of the competency on this host. */
  href: string;
  level?: { code?: string; name: Text; gloss?: Text };
}

export interface AssessmentView {
  established: Established;
  /** The role and the structure, never more than the assessor agreed to; `name` only when it may be shown. */
  assessors: { role: Text; structure: string; name?: string }[];
  session?: {
    title: Text;
    /** 'YYYY-MM-DD' */
    heldOn: string;
    durationMinutes?: number;
    place?: string;
  };
}

/** Facts for programs and for people who check by hand. */
export interface TechnicalView {
  /** Address of the badge: its `id` in the credential. */
  id: string;
  /** Cryptosuites and algorithms, e.g. 'eddsa-rdfc-2022', 'RS256 (VC-JWT)'. */
  proofs: string[];
  keyId: string;
  keyHref?: string;
  /** SHA-256 of the signed bytes, lower-case hexadecimal. */
  sha256: string;
  status?: { listHref: string; index: number };
  jsonHref: string;
  jwtHref?: string;
  /** Scheme and host that this page must be on, e.g. 'https://badges.example.org'. */
  origin: string;
}

/** The files of a badge that stands, by their paths on this host, without a query. */
export interface FormsView {
  /** Pictures with the badge in them. */
  pngHref: string;
  svgHref: string;
  /** Open Badges 2.0, hosted and signed; absent when the issuer has no public address. */
  ob2Href?: string;
  ob2SignedHref?: string;
}

/** What somebody says of a badge, a structure or a badge class. */
export interface EndorsementView {
  /** Page of the endorsement on this host. */
  href: string;
  /** Who stands behind it: the endorser's own key, the structure that received words, a signature made elsewhere. */
  form: 'own-key' | 'received' | 'brought';
  comment: string;
  /** 'YYYY-MM-DD' */
  givenOn: string;
  endorser: { name: string; href?: string };
  receivedBy: string;
  /** Proven issuer of a signature made elsewhere. */
  issuerId?: string;
  subjectHref: string;
  jsonHref?: string;
  jwtHref?: string;
}

export interface BadgePageView {
  title: Text;
  picture: PictureView;
  verdict: Verdict;
  checks: CheckView[];
  /** ISO 8601 time of the check. */
  checkedAt: string;
  /** True when the check was made for this very request. */
  checkedJustNow: boolean;
  /** What the verifier adds to its verdict, for example that the key was stolen after this badge was signed. */
  note?: Text;
  /** Only when the learner chose to show the name. */
  learnerName?: string;
  /** Easy-to-read text of the achievement, in the learner's words. */
  learnerText?: Text;
  criteria: Text[];
  /** Badges that a pathway badge adds up. */
  parts?: BadgeCardView[];
  assessment?: AssessmentView;
  issuer: IssuerView;
  achievementHref: string;
  alignments: AlignmentView[];
  /** The day of the award as 'YYYY-MM-DD' (`awardedDate` in Paris): a badge that is signed again keeps it. */
  issuedOn: string;
  /** 'YYYY-MM-DD' */
  expiresOn?: string;
  withdrawn?: WithdrawalView;
  /** Narrative that the learner accepted to show; what the structure states stands in the assessment. */
  evidence?: Text;
  endorsements?: EndorsementView[];
  isStateDiploma: boolean;
  /** Path of the card that other sites show of a link to the page, without `lang`; 1200 × 630 PNG. */
  cardHref: string;
  /** Certificate to print, and a sheet for a CV where the badge is shown with its name; only for a badge that stands. */
  certificateHref?: string;
  sheetHref?: string;
  /** Address that adds the badge to a LinkedIn profile; only for a public, authentic badge. */
  linkedInHref?: string;
  /** Absent for a badge that does not stand: no new file is made of it. */
  forms?: FormsView;
  technical: TechnicalView;
}

/** The front page; it never lists anything private. */
export interface HomePageView {
  frameworksHref: string;
  apiHref: string;
  /** SVG paths of up to five badge pictures of the catalogue, for the eye only. */
  pictures: string[];
}

export interface AchievementPageView {
  title: Text;
  description?: Text;
  learnerText?: Text;
  picture: PictureView;
  criteria: Text[];
  /** What a person must have done to get it, one statement each. */
  conditions: Text[];
  parts?: BadgeCardView[];
  alignments: AlignmentView[];
  issuer: IssuerView;
  version?: number;
  isStateDiploma: boolean;
  endorsements?: EndorsementView[];
  jsonHref?: string;
  ob2Href?: string;
}

export interface IssuerKeyView {
  id: string;
  algorithm: string;
  href: string;
  /** 'YYYY-MM-DD' */
  since: string;
  retiredOn?: string;
  compromisedSince?: string;
}

export interface IssuerPageView {
  issuer: IssuerView;
  description?: Text;
  did: string;
  didHref: string;
  jwksHref: string;
  /** Public contact address; Open Badges 2.0 exists for those who have one. */
  email?: string;
  ob2Href?: string;
  keys: IssuerKeyView[];
  badges: BadgeCardView[];
  endorsements?: EndorsementView[];
}
