import type { ComponentChild, VNode } from 'preact';
import { Icon } from './icons.js';
import { Facts, type InLanguage, Name, OutsideLink, When } from './parts.js';
import type { IssuerView } from './view-models.js';
import { fill, siretGroups, wording } from './wording.js';

/** Who an issuer is: names, register, site, network, since when; and more, where there is. */
export function IssuerFacts({
  issuer,
  language,
  more = [],
}: InLanguage & { issuer: IssuerView; more?: [term: string, value: ComponentChild][] }): VNode {
  const words = wording(language).issuer;
  return (
    <>
      {issuer.closedOn && (
        <p class="notice">
          <Icon name="info" />
          <span>{fill(words.closed, { date: <When date={issuer.closedOn} language={language} /> })}</span>
        </p>
      )}
      <Facts
        facts={[
          [words.legalName, issuer.legalName && <Name>{issuer.legalName}</Name>],
          [
            words.siret,
            issuer.siret && (
              <>
                <span class="digits">{siretGroups(issuer.siret)}</span>{' '}
                <OutsideLink
                  language={language}
                  href={`https://annuaire-entreprises.data.gouv.fr/etablissement/${issuer.siret}`}
                >
                  {words.siretCheck}
                </OutsideLink>
              </>
            ),
          ],
          [words.domain, issuer.domain && <bdi>{issuer.domain}</bdi>],
          [
            words.memberOf,
            issuer.memberOf &&
              (issuer.memberOf.href ? (
                <a href={issuer.memberOf.href}>
                  <Name>{issuer.memberOf.name}</Name>
                </a>
              ) : (
                <Name>{issuer.memberOf.name}</Name>
              )),
          ],
          [words.since, issuer.since && <When date={issuer.since} language={language} />],
          ...more,
        ]}
      />
    </>
  );
}
