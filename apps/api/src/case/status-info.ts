/** Values of `imsx_codeMinorFieldValue` that this provider answers with (CASE 1.1, Appendix B). */
export type CodeMinor = 'unknownobject' | 'invalid_uuid' | 'invalid_sort_field' | 'invalid_selection_field';

/** imsx_StatusInfo (CASE 1.1, Appendix B). */
export interface StatusInfo {
  imsx_codeMajor: 'failure';
  imsx_severity: 'error';
  imsx_description: string;
  imsx_codeMinor?: {
    imsx_codeMinorField: { imsx_codeMinorFieldName: string; imsx_codeMinorFieldValue: string }[];
  };
}

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

  statusInfo(): StatusInfo {
    return statusInfo(this.message, this.codeMinor);
  }
}

const statusInfo = (description: string, codeMinor?: string): StatusInfo => ({
  imsx_codeMajor: 'failure',
  imsx_severity: 'error',
  imsx_description: description,
  ...(codeMinor && {
    imsx_codeMinor: {
      imsx_codeMinorField: [
        { imsx_codeMinorFieldName: 'TargetEndSystem', imsx_codeMinorFieldValue: codeMinor },
      ],
    },
  }),
});

const underCase = /^\/ims\/case\/v1p1([/?]|$)/;
const minorOf: Record<number, string> = {
  403: 'forbidden',
  404: 'unknownobject',
  429: 'server_busy',
  500: 'internal_server_error',
  503: 'server_busy',
};

/**
 * How an error below the addresses of CASE leaves: as imsx_StatusInfo, whatever it is; 405 for any method that would
 * write (CASE 1.1, Appendix B). Undefined for any other address.
 */
export function caseErrorAt(
  { method, url }: { method: string; url: string },
  problem: { status: number; title: string },
): { status: number; headers: Record<string, string>; body: string } | undefined {
  if (!underCase.test(url)) return undefined;
  const isRead = method === 'GET' || method === 'HEAD';
  const status = isRead ? problem.status : 405;
  const body = isRead
    ? statusInfo(problem.title, minorOf[status])
    : statusInfo('These addresses are read-only: GET and HEAD alone are answered');
  return {
    status,
    headers: {
      'access-control-allow-origin': '*',
      'content-type': 'application/json',
      ...(isRead ? {} : { allow: 'GET, HEAD' }),
    },
    body: JSON.stringify(body),
  };
}
