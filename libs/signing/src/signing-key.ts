import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PublicJwk, SigningAlgorithm } from './keys.js';

/** A key of an issuer. Rows are never deleted: a badge signed with a retired key must stay verifiable. */
@Entity('signing_key')
@Index('signing_key_by_issuer', ['issuerId'])
export class SigningKey {
  /** Fragment of the key's DID URL and last part of its JWK's address. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'signing_key_pkey' })
  id!: string;

  /** The organisation that issues with it. */
  @Column({ type: 'uuid', name: 'issuer_id' })
  issuerId!: string;

  @Column({ type: 'text', name: 'algorithm' })
  algorithm!: SigningAlgorithm;

  @Column({ type: 'jsonb', name: 'public_jwk' })
  publicJwk!: PublicJwk;

  @Column({ type: 'text', name: 'public_multibase', nullable: true })
  publicMultibase!: string | null;

  /** Never selected unless asked for by name; the api's role has no right to it. */
  @Column({ type: 'bytea', name: 'sealed_private_key', select: false })
  sealedPrivateKey!: Buffer;

  /** The data key as the key service wrapped it; null while the row has the first sealing format. Never for the api. */
  @Column({ type: 'bytea', name: 'wrapped_data_key', nullable: true, select: false })
  wrappedDataKey!: Buffer | null;

  /** Id of the key service that wrapped the data key. Never for the api. */
  @Column({ type: 'text', name: 'key_service', nullable: true, select: false })
  keyService!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'retired_at', nullable: true })
  retiredAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'compromised_since', nullable: true })
  compromisedSince!: Date | null;

  /** When somebody told us; from then on it signs nothing. */
  @Column({ type: 'timestamptz', name: 'compromise_recorded_at', nullable: true })
  compromiseRecordedAt!: Date | null;
}
