import { namedUuid } from '#platform';

const root = '6f0f3b0e-7a53-5d5c-9d44-0c2a54a2a4c1';

/**
 * Identifiers of a framework's CASE objects: UUIDv5, because CASE 1.1 allows the versions 1 to 5 only. They are made of
 * the digest of the imported document: everybody who imports the same file has the same identifiers, and whoever writes
 * another framework under the same code and version has others.
 * @param contentHash SHA-256 (hex) of the imported document in canonical JSON
 */
export function caseIdentifiers(contentHash: string) {
  const framework = namedUuid(root, contentHash);
  const named = (name: string) => namedUuid(framework, name);
  return {
    document: named('CFDocument'),
    licence: named('CFLicense'),
    crosswalk: named('CFAssociationGrouping crosswalk'),
    rubric: named('CFRubric'),
    criterion: named('CFRubricCriterion'),
    level: (code: string) => named(`CFRubricCriterionLevel ${code}`),
    itemType: (type: string) => named(`CFItemType ${type}`),
    item: (code: string) => named(`CFItem ${code}`),
    esco: (code: string) => named(`exactMatchOf ESCO ${code}`),
    childOf: (code: string) => named(`isChildOf ${code}`),
    match: (code: string, kind: string, framework: string, target: string) =>
      named(`${kind} ${JSON.stringify([code, framework, target])}`),
  };
}
