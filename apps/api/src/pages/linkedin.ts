/** What LinkedIn asks for a licence or certification; dates are 'YYYY-MM-DD'. */
export interface LinkedInCertification {
  name: string;
  organizationName: string;
  /** The day of the award. */
  issuedOn: string;
  expiresOn?: string;
  /** Absolute address of the public badge page. */
  url: string;
  /** Public id of the badge. */
  id: string;
}

/** Plain "add to profile" link, without any script of LinkedIn. Months count from 1; no expiry when there is none. */
export function linkedInHref(certification: LinkedInCertification): string {
  const [issueYear, issueMonth] = certification.issuedOn.split('-').map(Number);
  const [expirationYear, expirationMonth] = certification.expiresOn?.split('-').map(Number) ?? [];
  const fields = {
    startTask: 'CERTIFICATION_NAME',
    name: certification.name,
    organizationName: certification.organizationName,
    issueYear,
    issueMonth,
    expirationYear,
    expirationMonth,
    certUrl: certification.url,
    certId: certification.id,
  };
  const query = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `https://www.linkedin.com/profile/add?${query.join('&')}`;
}
