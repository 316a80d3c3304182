export { type AuditEvent, AuditEventRefused, actorOf, appendAudit } from './audit.js';
export { type ChainLine, chainAudit, chainLines } from './audit-chain.js';
export { platformEntities, platformMigrations } from './audit-tables.js';
export { Clock, dateIn, dateOfInstant, FixedClock, SystemClock } from './clock.js';
export { type CopiedColumns, copyRows, literal } from './copy-rows.js';
export { dataSourceOptions } from './database.js';
export { DomainError, type Fault, InvalidInput } from './errors.js';
export { canonicalJson, isBearer, isPublicId, namedUuid, publicId, sha256, sha256Hex, uuid } from './ids.js';
export { logger } from './log.js';
export { codeOfError, isOutage, isPassing } from './outage.js';
export { programVersion, projectFile, readProjectJson } from './project.js';
export {
  assertQueueKeepsJobs,
  endQueueConnection,
  migrateQueue,
  Queue,
  type QueueEngine,
  QueueMayForget,
  queueConnection,
  queueEngine,
  UnrecoverableError,
  useQueueEngine,
  Worker,
} from './queue.js';
export { ajv, ajv2019, compileSchema } from './schema.js';
export { RestoreRunning, ServiceStarted, serve, whileNobodyServes } from './serving.js';
export { type Language, languageOf, type Text, textIn } from './text.js';
export { textArray } from './text-array.js';
export { type BrokenChain, verifyChain } from './verify-chain.js';
export { age, counted, number } from './wording.js';
