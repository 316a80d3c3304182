import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** Somebody a structure knows by name and birth year; nothing else is required. Staff may have no birth year. */
@Entity('person')
@Unique('person_once_per_name_and_birth_year', ['organisationId', 'nameKey', 'birthYear'])
export class Person {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'person_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'text', name: 'given_name' })
  givenName!: string;

  @Column({ type: 'text', name: 'family_name' })
  familyName!: string;

  @Column({ type: 'int', name: 'birth_year', nullable: true })
  birthYear!: number | null;

  /** `nameKey()` of the two names: equal keys and birth years are one person. */
  @Column({ type: 'text', name: 'name_key' })
  nameKey!: string;

  @Column({ type: 'text', nullable: true })
  language!: string | null;

  /** Lower case. */
  @Column({ type: 'text', nullable: true })
  email!: string | null;

  /** E.164, as +33639980001. */
  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

/** Another spelling that a human has said to be this person. */
@Entity('person_alias')
@Unique('person_alias_once_per_name_and_birth_year', ['organisationId', 'nameKey', 'birthYear'])
@Index('person_alias_by_person', ['personId'])
export class PersonAlias {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'person_alias_pkey' })
  id!: string;

  @Column({ type: 'uuid', name: 'organisation_id' })
  organisationId!: string;

  @Column({ type: 'uuid', name: 'person_id' })
  personId!: string;

  @Column({ type: 'text', name: 'name_key' })
  nameKey!: string;

  @Column({ type: 'int', name: 'birth_year', nullable: true })
  birthYear!: number | null;

  @Column({ type: 'text', name: 'decided_by' })
  decidedBy!: string;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
