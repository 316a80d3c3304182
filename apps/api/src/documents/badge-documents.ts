import { DataSource } from 'typeorm';
import { type Achievement, BadgeReader, type PublishedBadge } from '#badges';
import { type CvSheet, certificatePdf, cvSheetPdf } from '#documents';
import { FrameworkReader } from '#frameworks';
import { type Language, textIn } from '#platform';
import { HttpSettings } from '../http/settings.js';
import { assessmentView } from '../public/assessment-view.js';
import { alignmentView, partsOf } from '../public/badge-view.js';
import { issuerView, organisationWithParent } from '../public/issuer-view.js';
import { type BadgeFacts, certificateOf, sheetBadgeOf } from './document-content.js';
import { DocumentPress } from './document-press.js';

/** A document with the name to save it under, without its ending. */
export interface MadeDocument {
  body: Buffer;
  name: string;
}

/** The longest list of badges that one sheet takes. */
export const mostOnSheet = 30;

/** Gathers what the documents of badges say, and has them made. */
export class BadgeDocuments {
  private readonly press = new DocumentPress({ mostKept: 100, mostWaiting: 20, rest: 1 });

  constructor(
    private readonly settings: HttpSettings,
    private readonly database: DataSource,
    private readonly badges: BadgeReader,
    private readonly frameworks: FrameworkReader,
  ) {}

  /** @throws HttpRefusal `temporarily_unavailable` (503) */
  async certificate(badge: PublishedBadge, language: Language): Promise<MadeDocument> {
    const facts = await this.factsOf(badge);
    const { achievement } = facts;
    const catalogue = await this.badges.catalogueOf(badge.organisationId);
    const texts = await this.frameworks.alignedCompetencies(achievement.alignments);
    const certificate = certificateOf(
      {
        ...facts,
        parts: partsOf(achievement, catalogue).map(({ title }) => title),
        alignments: achievement.alignments.map((one) => alignmentView(one, texts)),
        assessment: assessmentView(badge, facts.issuer),
      },
      language,
    );
    const title = textIn(achievement.name, language);
    return {
      body: await this.press.make(JSON.stringify(certificate), () => certificatePdf(certificate)),
      name: badge.recipientName === null ? title : `${title} - ${badge.recipientName}`,
    };
  }

  /**
   * @param learner null leaves the name out
   * @throws HttpRefusal `temporarily_unavailable` (503)
   */
  async sheet(badges: PublishedBadge[], learner: string | null, language: Language): Promise<MadeDocument> {
    const facts = await Promise.all(badges.map((badge) => this.factsOf(badge)));
    const sheet: CvSheet = {
      language,
      learner,
      badges: facts.map((one) => sheetBadgeOf(one, language)),
      date: new Date(Math.max(...badges.map(({ signedAt }) => signedAt.getTime()))),
    };
    return {
      body: await this.press.make(JSON.stringify(sheet), () => cvSheetPdf(sheet)),
      name: ['Badges', learner].filter(Boolean).join(' - '),
    };
  }

  /** Title of a badge in one language. */
  async titleOf(badge: PublishedBadge, language: Language): Promise<string> {
    return textIn((await this.achievementOf(badge)).name, language);
  }

  private async achievementOf(badge: PublishedBadge): Promise<Achievement> {
    return (await this.badges.achievementById(badge.achievementId))!;
  }

  private async factsOf(badge: PublishedBadge): Promise<BadgeFacts> {
    const { organisation, parent } = (await organisationWithParent(this.database.manager, {
      id: badge.organisationId,
    }))!;
    return {
      origin: this.settings.origin,
      badge,
      achievement: await this.achievementOf(badge),
      issuer: issuerView(organisation, parent).publicName,
    };
  }
}
