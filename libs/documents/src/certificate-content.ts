import type { Language } from '#platform';

/** What a certificate says; texts are in the certificate's language where they exist in it. */
export interface Certificate {
  language: Language;
  /** Of the badge. */
  title: string;
  /** SVG as `badgePictureSvg` makes it, and what it shows in words. */
  picture: { svg: string; alt: string };
  /** Null when the learner shows the badge without a name. */
  learner: string | null;
  /** What the person can do, one statement each. */
  skills: string[];
  /** Titles of the badges that a pathway adds up. */
  parts: string[];
  /** How it was assessed, one sentence each. */
  assessment: string[];
  issuer: string;
  /** The day of the award in words, for example « 19 octobre 2026 ». */
  issuedOn: string;
  expiresOn?: string;
  /** Competencies, each with its level in plain words. */
  levels: { name: string; gloss?: string }[];
  isStateDiploma: boolean;
  /** Address of the badge's page. */
  address: string;
  /** The same page, short enough for a hand; without 'https://'. */
  shortAddress: string;
  /** When the badge was signed: the date of the file, which nobody reads on the page. */
  signedAt: Date;
}
