import { ApiClient } from './api-client.entity.js';
import { HttpIdempotency } from './http-idempotency.entity.js';
import { Membership } from './membership.entity.js';
import { People1700000001000 } from './migrations/1700000001000-people.js';
import { HttpIdempotency1700000006000 } from './migrations/1700000006000-http-idempotency.js';
import { Operators1700000010100 } from './migrations/1700000010100-operators.js';
import { WrongTries1795600500000 } from './migrations/1795600500000-wrong-tries.js';
import { OrganisationRestored1796000300000 } from './migrations/1796000300000-organisation-restored.js';
import { OperatorLink, OperatorSession } from './operator-access.entity.js';
import { Organisation } from './organisation.entity.js';
import { Person, PersonAlias } from './person.entity.js';
import { WrongTry } from './wrong-try.entity.js';

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const peopleEntities: Function[] = [
  Organisation,
  Person,
  PersonAlias,
  Membership,
  ApiClient,
  HttpIdempotency,
  OperatorLink,
  OperatorSession,
  WrongTry,
];
// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
export const peopleMigrations: Function[] = [
  People1700000001000,
  HttpIdempotency1700000006000,
  Operators1700000010100,
  WrongTries1795600500000,
  OrganisationRestored1796000300000,
];
