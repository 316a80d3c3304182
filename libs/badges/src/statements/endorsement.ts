import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** What is endorsed: one version of a badge, a structure, or one learner's badge. */
export type EndorsementTarget = 'achievement' | 'issuer' | 'badge';

/**
 * Who stands behind an endorsement: an organisation of this installation with its own key; words from outside that the
 * endorsed structure says it received (nobody checked from whom); or a credential that the endorser signed elsewhere.
 */
export type EndorsementForm = 'own-key' | 'received' | 'brought';

export type EndorsementState = 'asked' | 'given' | 'accepted' | 'refused' | 'withdrawn' | 'cancelled';

/** One endorsement from the question to its end. Its words are erased when it is refused, withdrawn or cancelled. */
@Entity('endorsement')
@Unique('endorsement_public_id_is_unique', ['publicId'])
@Unique('endorsement_token_is_unique', ['tokenSha256'])
@Unique('endorsement_withdrawal_is_unique', ['withdrawalSha256'])
@Index('endorsement_by_organisation', ['organisationId', 'id'])
@Index('endorsement_of_subject', ['subjectId'], { where: "(state = 'accepted'::text)" })
export class Endorsement {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'endorsement_pkey' })
  id!: string;
  /** The organisation that asked: it accepts, refuses, and may end it. */
  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;
  @Column({ type: 'text', name: 'public_id' })
  publicId!: string;
  @Column({ type: 'text' })
  target!: EndorsementTarget;
  @Column({ type: 'uuid', name: 'achievement_id', nullable: true })
  achievementId!: string | null;
  @Column({ type: 'uuid', name: 'award_id', nullable: true })
  awardId!: string | null;
  /** `credentialSubject.id` of the credential: address of the achievement or badge, or DID of the structure. */
  @Column({ type: 'text', name: 'subject_id' })
  subjectId!: string;
  @Column({ type: 'text' })
  state!: EndorsementState;
  @Column({ type: 'text', name: 'asked_by' })
  askedBy!: string;
  @Column({ type: 'timestamptz', name: 'asked_at', default: () => 'now()' })
  askedAt!: Date;
  /** Until when the link can be used. */
  @Column({ type: 'timestamptz', name: 'expires_at' })
  expiresAt!: Date;
  /** Hex SHA-256 of the link's secret; gone when the link was used. */
  @Column({ type: 'text', name: 'token_sha256', nullable: true })
  tokenSha256!: string | null;
  /** Hex SHA-256 of the secret that lets an endorser without account take the words back. */
  @Column({ type: 'text', name: 'withdrawal_sha256', nullable: true })
  withdrawalSha256!: string | null;
  @Column({ type: 'text', nullable: true })
  form!: EndorsementForm | null;
  @Column({ type: 'uuid', name: 'endorser_organisation_id', nullable: true })
  endorserOrganisationId!: string | null;
  @Column({ type: 'text', name: 'endorser_name', nullable: true })
  endorserName!: string | null;
  @Column({ type: 'text', name: 'endorser_url', nullable: true })
  endorserUrl!: string | null;
  @Column({ type: 'text', nullable: true })
  comment!: string | null;
  /** The credential that an endorser brought, exactly as it came: JSON text or compact JWT. */
  @Column({ type: 'text', nullable: true })
  brought!: string | null;
  @Column({ type: 'text', name: 'brought_sha256', nullable: true })
  broughtSha256!: string | null;
  /** Issuer of that credential, as its proof was checked. */
  @Column({ type: 'text', name: 'brought_issuer_id', nullable: true })
  broughtIssuerId!: string | null;
  @Column({ type: 'text', name: 'given_by', nullable: true })
  givenBy!: string | null;
  @Column({ type: 'timestamptz', name: 'given_at', nullable: true })
  givenAt!: Date | null;
  @Column({ type: 'text', name: 'decided_by', nullable: true })
  decidedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'decided_at', nullable: true })
  decidedAt!: Date | null;
  @Column({ type: 'text', name: 'ended_by', nullable: true })
  endedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true })
  endedAt!: Date | null;
  @Column({ type: 'uuid', name: 'statement_id', nullable: true })
  statementId!: string | null;
}
