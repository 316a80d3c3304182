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

/** Calendar date in a time zone (default Europe/Paris, where the workshops are) as YYYY-MM-DD. */
export const dateIn = (instant: Date, timeZone = 'Europe/Paris'): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant);
