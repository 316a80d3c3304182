/** Values of `imsx_codeMinorFieldValue` that this provider answers with (CASE 1.1, Appendix B). */
export type CodeMinor = 'unknownobject' | 'invalid_uuid' | 'invalid_sort_field' | 'invalid_selection_field';

/** A request that the provider cannot answer; leaves as an imsx_StatusInfo. */
export class CaseRefused extends Error {
  constructor(
    readonly codeMinor: CodeMinor,
    message: string,
  ) {
    super(message);
  }

  /** 404 for what is not here, 400 for what cannot be read. */
  get status(): number {
    return this.codeMinor === 'unknownobject' || this.codeMinor === 'invalid_uuid' ? 404 : 400;
  }

  statusInfo() {
    return {
      imsx_codeMajor: 'failure',
      imsx_severity: 'error',
      imsx_description: this.message,
      imsx_codeMinor: {
        imsx_codeMinorField: [
          { imsx_codeMinorFieldName: 'TargetEndSystem', imsx_codeMinorFieldValue: this.codeMinor },
        ],
      },
    };
  }
}
