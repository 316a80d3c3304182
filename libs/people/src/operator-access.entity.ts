import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A way in for an administrator, not used yet. */
@Entity('operator_link')
export class OperatorLink {
  /** Hex SHA-256 of the token; the token itself is shown once. */
  @PrimaryColumn({ type: 'text', name: 'token_sha256', primaryKeyConstraintName: 'operator_link_pkey' })
  tokenSha256!: string;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at' })
  expiresAt!: Date;
}

/** A browser in which an administrator is. */
@Entity('operator_session')
export class OperatorSession {
  /** Hex SHA-256 of the cookie. */
  @PrimaryColumn({ type: 'text', name: 'secret_sha256', primaryKeyConstraintName: 'operator_session_pkey' })
  secretSha256!: string;
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at' })
  expiresAt!: Date;
}
