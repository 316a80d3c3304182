import type { RangeGround } from './issued-range.js';

/** Ranges that a thread works on at once: the next one is read from the database while one is checked. */
export const lanes = 2;

export interface RangeThreadData {
  databaseUrl: string;
  ground: RangeGround;
}
