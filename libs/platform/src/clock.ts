/** Where the time comes from, so that tests can set it. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** A clock that stands still until it is set. */
export class FixedClock extends Clock {
  constructor(public instant: Date) {
    super();
  }
  now(): Date {
    return new Date(this.instant);
  }
}

/** Where the workshops are: what day it is, is said there. */
const workshopZone = 'Europe/Paris';

/** SQL for the calendar date, YYYY-MM-DD, of an instant (timestamptz) where the workshops are. */
export const dateOfInstant = (column: string): string =>
  `(${column} at time zone '${workshopZone}')::date::text`;

/** Calendar date in a time zone (default Europe/Paris, where the workshops are) as YYYY-MM-DD. */
export const dateIn = (instant: Date, timeZone = workshopZone): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant);
