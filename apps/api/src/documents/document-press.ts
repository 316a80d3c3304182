import { setTimeout as pause } from 'node:timers/promises';
import { HttpRefusal } from '../http/problem.js';

export interface PressLimits {
  /** Documents kept for whoever asks again. */
  mostKept: number;
  /** Requests that may wait for theirs. */
  mostWaiting: number;
  /** Rest after a document, in times of what it took: with 1, half of the time belongs to the rest of the service. */
  rest: number;
}

const busy = (): HttpRefusal =>
  new HttpRefusal(
    503,
    'temporarily_unavailable',
    'Too many documents are being made. Try again in a moment.',
    {
      'retry-after': '5',
    },
  );

/**
 * Makes documents one after the other and rests between them, so that a flood of requests for documents leaves pages
 * their time. What was made is kept for a while, and made once for all who ask at the same time.
 */
export class DocumentPress {
  private readonly kept = new Map<string, Buffer>();
  private readonly making = new Map<string, Promise<Buffer>>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly limits: PressLimits) {}

  /**
   * @param key everything that the document says: the same key is the same document
   * @throws HttpRefusal `temporarily_unavailable` (503) with too many waiting
   */
  async make(key: string, draw: () => Promise<Buffer>): Promise<Buffer> {
    const kept = this.kept.get(key);
    if (kept) {
      this.kept.delete(key);
      this.kept.set(key, kept);
      return kept;
    }
    const underWay = this.making.get(key);
    if (underWay) return underWay;
    if (this.making.size >= this.limits.mostWaiting) throw busy();
    const made = this.last.then(async () => {
      const began = performance.now();
      try {
        return this.keep(key, await draw());
      } finally {
        this.making.delete(key);
        this.last = pause((performance.now() - began) * this.limits.rest);
      }
    });
    this.making.set(key, made);
    this.last = made.then(
      () => this.last,
      () => this.last,
    );
    return made;
  }

  private keep(key: string, document: Buffer): Buffer {
    this.kept.set(key, document);
    if (this.kept.size > this.limits.mostKept) this.kept.delete(this.kept.keys().next().value!);
    return document;
  }
}
