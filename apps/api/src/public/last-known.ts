import { isOutage } from '#platform';

/** What was read of the database last, for the time when it is away: of so many things at most, those asked for last. */
export class LastKnown<T> {
  private readonly kept = new Map<string, { value: T; at: number }>();

  constructor(
    private readonly limits: { most: number; seconds: number },
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Reads anew, or answers what was read last while the database is away and it is not too old.
   * @returns the value and its age in whole seconds, 0 for a new one; null when the database knows no such thing
   * @throws what `read` throws when nothing is known, or something else than an outage is the cause
   */
  async read(key: string, read: () => Promise<T | null>): Promise<{ value: T; age: number } | null> {
    const at = this.now();
    try {
      const value = await read();
      // Of two reads at once the one that began later knows more.
      if ((this.kept.get(key)?.at ?? at) > at) return value === null ? null : { value, age: 0 };
      this.kept.delete(key);
      if (value === null) return null;
      const [oldest] = this.kept.keys();
      if (oldest !== undefined && this.kept.size >= this.limits.most) this.kept.delete(oldest);
      this.kept.set(key, { value, at });
      return { value, age: 0 };
    } catch (error) {
      const known = isOutage(error) ? this.kept.get(key) : undefined;
      const age = known ? Math.ceil((this.now() - known.at) / 1_000) : 0;
      if (!known || age > this.limits.seconds) throw error;
      return { value: known.value, age };
    }
  }
}
