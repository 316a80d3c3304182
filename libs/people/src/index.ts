export { ApiClient } from './api-client.entity.js';
export { authenticateApiClient, createApiClient, revokeApiClient } from './api-clients.js';
export { changeEmail } from './change-email.js';
export { normaliseEmail, normalisePhone } from './contact.js';
export { correctName, PersonNameTaken } from './correct-name.js';
export {
  DuplicateSearch,
  type Identity,
  probableDuplicate,
  sharedContacts,
  similarNames,
  trigramSimilarity,
} from './duplicate.js';
export { HttpIdempotency } from './http-idempotency.entity.js';
export { endRole, type Grant, grantRole, isMandated, mandatesIn } from './mandate.js';
export { Membership, type Role, roles } from './membership.entity.js';
export {
  type CleanName,
  cleanName,
  nameKey,
  splitName,
  staffKey,
  unaccented,
  withoutParenthesis,
} from './name.js';
export {
  createOperatorLink,
  endOperatorSession,
  isOperatorLink,
  type Operator,
  openOperatorSession,
  operatorLinkMinutes,
  operatorOf,
  operatorSessionHours,
  revokeOperatorAccess,
} from './operator-access.js';
export { Organisation, type OrganisationKind } from './organisation.entity.js';
export { Person, PersonAlias } from './person.entity.js';
export {
  type NewOrganisation,
  OrganisationRefused,
  OrganisationSlugTaken,
  organisationPath,
  registerOrganisation,
} from './register-organisation.js';
export { type NewPerson, PersonRefused, registerPerson } from './register-person.js';
export { allScopes, isScope, type Scope, scopeTexts, usualScopes } from './scopes.js';
export { peopleEntities, peopleMigrations } from './tables.js';
