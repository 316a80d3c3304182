/** The times that the list of faults asks for, in seconds. */
export const secondsAllowed = {
  /** T-05: after the start of the next worker. */
  workerKilled: 120,
  /** T-06: after the start of the next worker. */
  apiKilled: 90,
  /** T-07: after the loss. */
  queueEmptied: 300,
  /** T-13: after PostgreSQL takes connections again. */
  postgresRestarted: 30,
  /** T-17: after the signal. */
  drained: 30,
  /** T-21: from the accepted request of a room to its stored signatures, of 95 and of 99 in 100 rooms. */
  roomP95: 60,
  roomP99: 180,
  /** T-40: after the answer to who revoked. */
  revokedOnPage: 5,
  revokedInList: 60,
} as const;

/** T-08: what a queue was away for may take as long again, twice. */
export const catchUpAllowed = (awaySeconds: number): number => 2 * awaySeconds;

/** T-12: by how much one poisonous job may delay the others. */
export const delayAllowedPercent = 5;

/** Something that a scenario measured, and the most that it may be. */
export interface Measured {
  /** For example "all were issued after". */
  what: string;
  value: number;
  atMost: number;
  unit: 's' | '%';
}

const written = (value: number, unit: string): string => `${Math.round(value * 10) / 10} ${unit}`;

/** What was measured, for the report: "all were issued after 41.2 s (at most 300 s)". */
export const told = ({ what, value, atMost, unit }: Measured): string =>
  `${what} ${written(value, unit)} (at most ${written(atMost, unit)})`;

/**
 * Judges what was measured.
 * @returns a sentence for each that is over its limit or is no number; none is right
 */
export const overLimit = (measured: Measured[]): string[] =>
  measured.flatMap((one) =>
    Number.isFinite(one.value) && one.value <= one.atMost ? [] : [`too late: ${told(one)}`],
  );

/** The middle of paired ratios, as a surplus in percent: 1.02 is 2. @param pairs with, without */
export function medianSurplus(pairs: [number, number][]): number {
  const ratios = pairs.map(([having, lacking]) => having / lacking).sort((a, b) => a - b);
  const middle = ratios.length / 2;
  const median = (ratios[Math.ceil(middle) - 1]! + ratios[Math.floor(middle)]!) / 2;
  return 100 * (median - 1);
}
