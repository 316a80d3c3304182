/** Where the signing of a batch stands, in the order in which it happens. */
export const signingSteps = [
  'taken',
  'keys_recorded',
  'rechecked',
  'linted',
  'signed',
  'verified',
  'status_list_ready',
  'archived',
  'stored',
  'done',
] as const;

export type SigningStep = (typeof signingSteps)[number];

/**
 * Is told when a batch has reached a step, 'linted' to 'verified' for each part of it: for measurements, and for tests
 * that stop the worker at a point. A promise is waited for; an error ends the run as an error of that step would, so
 * that the batch stays planned.
 */
export interface SigningSteps {
  reached(step: SigningStep, outboxId: string): void | Promise<void>;
}
