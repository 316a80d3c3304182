import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A credential that an API client had issued: who asked, and by which names it is called. */
@Entity('issued_credential')
@Unique('issued_credential_status_id_is_unique', ['statusId'])
@Unique('issued_credential_statement_is_its_own', ['statementId'])
@Index('issued_credential_id_is_used_once', ['organisationId', 'credentialId'], {
  unique: true,
  where: '(ended_at IS NULL)',
})
export class IssuedCredential {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'issued_credential_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  /** Its `id`, or the name the client gave it; null when it has none. */
  @Column({ type: 'text', name: 'credential_id', nullable: true })
  credentialId!: string | null;
  /** `id` of its status entry: every credential has one. */
  @Column({ type: 'text', name: 'status_id' })
  statusId!: string;
  /** It is handed out as EnvelopedVerifiableCredential. */
  @Column({ type: 'boolean', name: 'is_enveloped' })
  isEnveloped!: boolean;
  @Column({ type: 'text', name: 'issued_by' })
  issuedBy!: string;
  @Column({ type: 'timestamptz', name: 'issued_at', default: () => 'now()' })
  issuedAt!: Date;
  @Column({ type: 'text', name: 'ended_by', nullable: true })
  endedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true })
  endedAt!: Date | null;
  @Column({ type: 'uuid', name: 'statement_id' })
  statementId!: string;
}
