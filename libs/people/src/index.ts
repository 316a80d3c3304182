export { ApiClient } from './api-client.entity.js';
export { Membership, type Role, roles } from './membership.entity.js';
export { Organisation, type OrganisationKind } from './organisation.entity.js';
export { Person, PersonAlias } from './person.entity.js';
export { peopleEntities, peopleMigrations } from './tables.js';
