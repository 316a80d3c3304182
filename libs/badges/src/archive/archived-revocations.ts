import { Bitstring } from '#signing';
import type { ArchivedStatusList } from './archived-credential.js';

/** What of a signed status list the archive's readers look at. */
export interface ListDocument {
  /** ISO 8601, UTC. */
  validFrom: string;
  validUntil?: string;
  credentialSubject: { encodedList: string };
  proof: { verificationMethod: string } | { verificationMethod: string }[];
}

/** What archived status lists revoked: a revocation is for ever, whichever version told it. */
export class ArchivedRevocations {
  private readonly lists = new Map<string, Bitstring>();

  /** Adds the bits of a list that are set and stand for no suspension. @throws StatusListInvalid (`malformed_value_error`, `status_list_length_error`) */
  add({ id, suspended }: ArchivedStatusList, { credentialSubject }: ListDocument): void {
    const bits = Bitstring.decode(credentialSubject.encodedList);
    for (const position of suspended) bits.set(position, false);
    const known = this.lists.get(id);
    if (known) known.add(bits);
    else this.lists.set(id, bits);
  }

  /** Places of a list that were revoked and whose bit is not set in `bits`, in order. */
  missingIn(listId: string, bits: Bitstring): number[] {
    return this.lists.get(listId)?.beyond(bits) ?? [];
  }

  /** Places of a list that were revoked, in order. */
  of(listId: string): number[] {
    return this.lists.get(listId)?.beyond() ?? [];
  }
}
