/** Nest tokens of values: the public origin, and the clock. */
export const ORIGIN = Symbol('public origin');
export const CLOCK = Symbol('clock');
