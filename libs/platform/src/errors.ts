/**
 * An error a rule of the house raises. `code` is stable snake_case and may be shown to other programs;
 * `details` holds ids and plain values only, never a name, phone or secret.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  /** Would the same work succeed later without anybody's help? */
  readonly isPassing: boolean = false;
  readonly details?: Record<string, unknown>;

  constructor(message: string, options?: { cause?: unknown; details?: Record<string, unknown> }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.details = options?.details;
  }
}

export interface Fault {
  /** JSON Pointer into the refused value, '' for the whole. */
  path: string;
  message: string;
}

/** A value does not have the shape its JSON Schema asks for (`invalid_input`). Every fault is listed. */
export class InvalidInput extends DomainError {
  readonly code = 'invalid_input';

  constructor(
    readonly faults: Fault[],
    subject = 'Input',
  ) {
    super(`${subject} is not valid: ${faults.map((f) => `${f.path || '/'} ${f.message}`).join('; ')}`);
  }
}
