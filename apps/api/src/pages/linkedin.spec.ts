import { linkedInHref } from './linkedin.js';

const certification = {
  name: 'Réaliser & envoyer mon CV',
  organizationName: 'Les Ateliers de la Licorne',
  issuedOn: '2026-01-31',
  url: 'https://badges.example.org/b/abc?x=1&y=2',
  id: 'abc',
};

describe('linkedInHref', () => {
  it('counts months from one and percent-encodes everything', () => {
    const href = linkedInHref(certification);
    expect(href).toMatch(
      /^https:\/\/www\.linkedin\.com\/profile\/add\?startTask=CERTIFICATION_NAME&name=R%C3%A9aliser%20%26%20/,
    );
    const query = new URL(href).searchParams;
    expect([query.get('issueYear'), query.get('issueMonth')]).toEqual(['2026', '1']);
    expect(query.get('certUrl')).toBe(certification.url);
    expect(query.get('organizationName')).toBe(certification.organizationName);
  });

  it('gives an expiry only when there is one', () => {
    expect(linkedInHref(certification)).not.toContain('expiration');
    const query = new URL(linkedInHref({ ...certification, expiresOn: '2028-12-01' })).searchParams;
    expect([query.get('expirationYear'), query.get('expirationMonth')]).toEqual(['2028', '12']);
  });
});
