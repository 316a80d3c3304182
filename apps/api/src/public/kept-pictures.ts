import { type Achievement, badgePicturePng, badgePictureSvg } from '#badges';

const mostKept = 200;

/** Pictures drawn before: a version of a badge never changes, so its picture is drawn once. */
export class KeptPictures {
  private readonly pictures = new Map<string, Buffer>();

  /** 800 × 800 pixels. */
  png(achievement: Achievement): Buffer {
    const kept = this.pictures.get(achievement.publicId);
    if (kept) return kept;
    const png = badgePicturePng(badgePictureSvg(achievement.picture));
    if (this.pictures.size >= mostKept) this.pictures.clear();
    this.pictures.set(achievement.publicId, png);
    return png;
  }
}
