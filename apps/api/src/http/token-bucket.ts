/**
 * Counts failures by source, in the memory of one process: what `SharedTries` falls back on. Each source has `size`
 * tries and gets one back every `refillMs`.
 */
export class TokenBucket {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly size: number,
    private readonly refillMs: number,
    private readonly maxSources = 10_000,
  ) {}

  /** Milliseconds to wait before the next try, 0 when one is left. */
  waitMs(source: string, nowMs: number): number {
    const left = this.left(source, nowMs);
    return left >= 1 ? 0 : Math.ceil((1 - left) * this.refillMs);
  }

  /** Takes one try from the source. */
  take(source: string, nowMs: number): void {
    const left = Math.max(0, this.left(source, nowMs) - 1);
    this.buckets.delete(source);
    this.buckets.set(source, { left, at: nowMs });
    // A Map keeps the order of insertion: the source that failed longest ago goes first.
    if (this.buckets.size > this.maxSources) this.buckets.delete(this.buckets.keys().next().value!);
  }

  /** Gives one try back: it was no failure. */
  giveBack(source: string, nowMs: number): void {
    const bucket = this.buckets.get(source);
    if (!bucket) return;
    const left = this.left(source, nowMs) + 1;
    if (left >= this.size) this.buckets.delete(source);
    else this.buckets.set(source, { left, at: nowMs });
  }

  private left(source: string, nowMs: number): number {
    const bucket = this.buckets.get(source);
    if (!bucket) return this.size;
    return Math.min(this.size, bucket.left + Math.max(0, nowMs - bucket.at) / this.refillMs);
  }
}
