import { DomainError } from './errors.js';
import type { Text } from './text.js';

/** Receives a sentence for the person who waits. */
export type Tell = (sentence: Required<Text>) => void;

export type RefusalCode =
  | 'data_folder_in_use'
  | 'data_folder_not_writable'
  | 'database_not_reachable'
  | 'database_not_utf8'
  | 'database_older_than_archive'
  | 'database_role_exists'
  | 'disk_full'
  | 'master_key_missing'
  | 'not_built'
  | 'passwords_missing'
  | 'platform_not_supported'
  | 'port_taken'
  | 'postgres_account_missing'
  | 'postgres_data_newer'
  | 'postgres_data_older'
  | 'postgres_not_startable'
  | 'process_not_ready'
  | 'wrong_owner';

/**
 * The service can't start here and now. `text` is one sentence in French and English that says what is wrong
 * and what to do; `message` is both.
 */
export class StartRefused extends DomainError {
  constructor(
    readonly code: RefusalCode,
    readonly text: Required<Text>,
    options?: { cause?: unknown; details?: Record<string, unknown> },
  ) {
    super(`${text.fr} / ${text.en}`, options);
  }
}
