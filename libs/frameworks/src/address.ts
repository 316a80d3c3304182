/** A framework by its public coordinates. */
export interface FrameworkAddress {
  code: string;
  version: string;
}

/** Path of a framework's public page and JSON; the parts are percent-encoded. */
export const frameworkPath = ({ code, version }: FrameworkAddress): string =>
  `/frameworks/${encodeURIComponent(code)}/${encodeURIComponent(version)}`;

/** Path of a competency's public page and JSON. */
export const competencyPath = (framework: FrameworkAddress, competencyCode: string): string =>
  `${frameworkPath(framework)}/${encodeURIComponent(competencyCode)}`;

/**
 * Stable public address of a framework.
 * @param origin scheme, host and port of the service, without a slash at the end
 */
export const frameworkUrl = (origin: string, framework: FrameworkAddress): string =>
  `${origin}${frameworkPath(framework)}`;

/** Stable public address of a competency, whether or not its publisher gives one of its own. */
export const competencyUrl = (origin: string, framework: FrameworkAddress, competencyCode: string): string =>
  `${origin}${competencyPath(framework, competencyCode)}`;
