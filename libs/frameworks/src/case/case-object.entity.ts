import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { CaseKind } from './case-package.js';

const key = { primaryKeyConstraintName: 'case_object_pkey' };

/** An object of a CASE package by its identifier. */
@Entity('case_object')
@Index('case_object_by_identifier', ['identifier'])
@Index('case_object_by_origin', ['origin'])
@Index('case_object_by_destination', ['destination'])
export class CaseObjectRow {
  @PrimaryColumn({ name: 'framework_id', type: 'uuid', ...key })
  frameworkId!: string;

  @PrimaryColumn({ type: 'text', ...key })
  kind!: CaseKind;

  @PrimaryColumn({ type: 'uuid', ...key })
  identifier!: string;

  /** Place in its array of the package, from 0. */
  @Column({ type: 'integer' })
  ordinal!: number;

  /** Of an imported association: the identifier it starts from, in lower case. */
  @Column({ type: 'text', nullable: true })
  origin!: string | null;

  @Column({ type: 'text', nullable: true })
  destination!: string | null;

  /** As its publisher gave it; null for frameworks of the house, whose objects are built when asked for. */
  @Column({ type: 'jsonb', nullable: true })
  body!: Record<string, unknown> | null;
}

/** One version of an imported CASE package. */
@Entity('case_package')
@Index('case_package_of_a_document', ['documentIdentifier'])
export class CasePackageRow {
  @PrimaryColumn({ name: 'framework_id', type: 'uuid', primaryKeyConstraintName: 'case_package_pkey' })
  frameworkId!: string;

  @Column({ name: 'document_identifier', type: 'uuid' })
  documentIdentifier!: string;

  /** The latest `lastChangeDateTime` of the document and its parts. */
  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt!: Date;

  /** The package without its objects: which sections it has, and the extensions beside them. */
  @Column({ type: 'jsonb' })
  frame!: Record<string, unknown>;
}
