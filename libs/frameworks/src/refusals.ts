import { DomainError, type Fault } from '#platform';

const shown = 20;

/**
 * A file of a framework or code list cannot be imported (`invalid_framework_file`); nothing was written.
 * `faults` lists every place (JSON Pointer) with what is wrong; `remedy` says what to do.
 */
export class InvalidFrameworkFile extends DomainError {
  readonly code = 'invalid_framework_file';

  constructor(
    readonly source: string,
    readonly faults: Fault[],
    readonly remedy: string,
    options: { cause?: unknown } = {},
  ) {
    const places = faults.slice(0, shown).map((fault) => `${fault.path || '/'} ${fault.message}`);
    if (faults.length > shown) places.push(`and ${faults.length - shown} more`);
    super(`${source} was not imported: ${places.join('; ')}. ${remedy}`, {
      cause: options.cause,
      details: { source, remedy },
    });
  }
}

/** The same code and version is already here with other content (`framework_content_changed`). */
export class FrameworkContentChanged extends DomainError {
  readonly code = 'framework_content_changed';

  constructor(
    readonly framework: string,
    readonly version: string,
    source: string,
    remedy = 'Raise the version in the file and import it again: both versions then stand side by side.',
  ) {
    super(
      `${source} was not imported: ${framework} ${version} is already here with other content, and badges may rest on it. ${remedy}`,
      { details: { framework, version } },
    );
  }
}

/** A list would lose values that records may use (`code_list_entry_removed`). */
export class CodeListEntryRemoved extends DomainError {
  readonly code = 'code_list_entry_removed';

  constructor(
    readonly list: string,
    readonly removed: string[],
    source: string,
  ) {
    super(
      `${source} was not imported: the list ${list} would lose ${removed.join(', ')}, which records may use. ` +
        'Keep these values in the file, or give the list a new id.',
      { details: { list, removed } },
    );
  }
}

/** No framework with this code, or not in this version (`framework_not_found`). */
export class FrameworkNotFound extends DomainError {
  readonly code = 'framework_not_found';

  constructor(framework: string, version?: string) {
    super(`No framework ${framework}${version === undefined ? '' : ` ${version}`}. Import its file first.`, {
      details: { framework, ...(version === undefined ? {} : { version }) },
    });
  }
}

/** A framework has no competency with this code (`competency_not_found`). */
export class CompetencyNotFound extends DomainError {
  readonly code = 'competency_not_found';

  constructor(framework: string, version: string, competency: string) {
    super(`No competency ${competency} in ${framework} ${version}`, {
      details: { framework, version, competency },
    });
  }
}

export interface AlignmentReference {
  /** Code of the framework, such as `crcn` or `digcomp-2.2`. */
  framework: string;
  /** Without it, the version published last. */
  version?: string;
  /** Code of the competency. */
  code: string;
  /** Code of one of the framework's levels, when the badge states which one is reached. */
  level?: string;
}

/** Alignments name competencies that are not here (`unknown_competency`); all of them are listed. */
export class UnknownCompetency extends DomainError {
  readonly code = 'unknown_competency';

  constructor(readonly missing: AlignmentReference[]) {
    super(
      `Not in any imported framework: ${missing.map((one) => [one.framework, one.version, one.code].filter(Boolean).join(' ')).join(', ')}`,
      { details: { missing } },
    );
  }
}

/** Alignments state levels that their framework does not have (`unknown_level`); all of them are listed. */
export class UnknownLevel extends DomainError {
  readonly code = 'unknown_level';

  constructor(readonly missing: AlignmentReference[]) {
    super(
      `Not a level of the framework: ${missing.map((one) => `${one.framework} ${one.code}, level ${one.level}`).join('; ')}. ` +
        'Use the code of one of its levels, or leave the level out.',
      { details: { missing } },
    );
  }
}
