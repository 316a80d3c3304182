import { credentialFaultWords } from './credential-fault-words.js';
import { ledgerFaultWords } from './ledger-fault-words.js';

/** One thing that is not as it must be. `ids` names what it is about: ids and counts only. */
export interface Fault {
  code: FaultCode;
  ids: Record<string, string | number>;
}

/** Every fault that the check knows, with what it means and what to do. */
export const faultWords = { ...credentialFaultWords, ...ledgerFaultWords } as const;

export type FaultCode = keyof typeof faultWords;
