import { type BadgeCard, badgeCardPng } from '#documents';

const mostKept = 100;

/** Cards drawn before: all who hold one version of a badge share one card, since nobody's name is on it. */
export class KeptCards {
  private readonly cards = new Map<string, Buffer>();

  png(card: BadgeCard): Buffer {
    const key = JSON.stringify(card);
    const kept = this.cards.get(key);
    if (kept) return kept;
    const png = badgeCardPng(card);
    if (this.cards.size >= mostKept) this.cards.delete(this.cards.keys().next().value!);
    this.cards.set(key, png);
    return png;
  }
}
