import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How often somebody was wrong lately: a secret, a one-time link. Counted here, so that every api process knows. */
@Entity('wrong_try')
@Index('wrong_try_by_end', ['fullAt'])
export class WrongTry {
  /** Hex HMAC of who tried and at what; an address itself is nobody's business. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'wrong_try_pkey' })
  source!: string;

  /** When all tries are there again; the row means nothing afterwards. */
  @Column({ type: 'timestamptz', name: 'full_at' })
  fullAt!: Date;
}
