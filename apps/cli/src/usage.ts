import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DomainError } from '#platform';

/** The command line is not understood (`usage`): exit code 64. */
export class Usage extends DomainError {
  readonly code = 'usage';
}

/** `parseArgs`, with a refusal instead of a stack. @throws Usage (`usage`) in Node's words */
export function parseWords<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Usage((error as Error).message);
  }
}
