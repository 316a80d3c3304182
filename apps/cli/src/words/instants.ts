/** A day as `--since 2026-11-22` writes it; 30 February is none. */
export const isDay = (day: unknown): boolean =>
  typeof day === 'string' &&
  /^\d{4}-\d\d-\d\d$/.test(day) &&
  new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day;

/** An instant with its zone, or a date, which counts from its beginning in UTC; undefined for anything else. */
export function instantOf(text: string): Date | undefined {
  const form = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.exec(text);
  const instant = new Date(form ? text : Number.NaN);
  // JavaScript reads 30 February as 2 March, and a later date would let stolen signatures count.
  return form && !Number.isNaN(instant.getTime()) && isDay(form[1]) ? instant : undefined;
}
