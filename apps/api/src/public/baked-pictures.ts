import { Injectable } from '@nestjs/common';
import { BadgeReader, badgePictureSvg, OpenBadges2, type PublishedBadge } from '#badges';
import { bakePng, bakeSvg } from '#baking';
import type { Organisation } from '#people';
import { type Language, textIn } from '#platform';
import type { Answer } from './answer.js';
import { named } from './file-name.js';
import { KeptPictures } from './kept-pictures.js';

/**
 * The picture of a badge with the badge in it, made when it is asked for: the OB 3.0 credential with its embedded proof
 * and, where the issuer has one, the hosted OB 2.0 Assertion, so that readers of either version find theirs.
 */
@Injectable()
export class BakedPictures {
  constructor(
    private readonly badges: BadgeReader,
    private readonly openBadges2: OpenBadges2,
    private readonly pictures: KeptPictures,
  ) {}

  /** @param isDownload to be saved rather than shown */
  async answer(
    badge: PublishedBadge,
    issuer: Organisation,
    { form, language, isDownload }: { form: 'png' | 'svg'; language: Language; isDownload: boolean },
  ): Promise<Answer> {
    const achievement = (await this.badges.achievementById(badge.achievementId))!;
    const ob2 = issuer.email === null ? null : await this.openBadges2.assertion(badge, issuer.slug);
    const title = textIn(achievement.name, language);
    return {
      body:
        form === 'png'
          ? inBoth(this.pictures.png(achievement), badge.document, ob2, bakePng)
          : inBoth(badgePictureSvg({ ...achievement.picture, title }), badge.document, ob2, bakeSvg),
      contentType: form === 'png' ? 'image/png' : 'image/svg+xml',
      headers: {
        'Content-Disposition': named(`${title}.${form}`, { isDownload }),
        // A cache between that presses the picture anew would throw the badge away.
        'Cache-Control': 'no-cache, no-transform',
      },
    };
  }
}

/** OB 3.0 last, so that it stands first in an SVG. */
function inBoth<T>(
  picture: T,
  ob3: string,
  ob2: string | null,
  bake: (picture: T, credential: string, version: 'ob2' | 'ob3') => T,
): T {
  return bake(ob2 === null ? picture : bake(picture, ob2, 'ob2'), ob3, 'ob3');
}
