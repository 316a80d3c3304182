import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What an award's Open Badges 2.0 form has of its own: the e-mail address that its learner bound it to, as a hash, and
 * the JWS once somebody asked for it. One edition of an award is in force; older ones are kept with their JWS.
 */
@Entity('ob2_edition')
export class Ob2Edition {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'ob2_edition_pkey' })
  id!: string;
  @Column({ type: 'uuid', name: 'award_id' })
  awardId!: string;
  /** `sha256$…` of the folded address followed by the salt; null when bound to none. */
  @Column({ type: 'text', name: 'email_hash', nullable: true })
  emailHash!: string | null;
  @Column({ type: 'text', nullable: true })
  salt!: string | null;
  /** When the signed form was first asked for; null: never. */
  @Column({ type: 'timestamptz', name: 'jws_asked_at', nullable: true })
  jwsAskedAt!: Date | null;
  /** The credential whose content was signed, and the key that signs it. */
  @Column({ type: 'uuid', name: 'credential_id', nullable: true })
  credentialId!: string | null;
  @Column({ type: 'text', name: 'rs256_key_id', nullable: true })
  rs256KeyId!: string | null;
  @Column({ type: 'text', nullable: true })
  jws!: string | null;
  @Column({ type: 'timestamptz', name: 'signed_at', nullable: true })
  signedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'superseded_at', nullable: true })
  supersededAt!: Date | null;
}
