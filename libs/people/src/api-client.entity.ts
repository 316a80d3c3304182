import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A program that may call the API for one organisation (OAuth 2 client credentials). */
@Entity('api_client')
@Unique('api_client_id_is_unique', ['clientId'])
export class ApiClient {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'api_client_pkey' })
  id!: string;

  @Column({ type: 'text', name: 'client_id' })
  clientId!: string;

  /** `scrypt$N$r$p$salt$hash`, base64url. */
  @Column({ type: 'text', name: 'secret_hash', select: false })
  secretHash!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', array: true })
  scopes!: string[];

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
