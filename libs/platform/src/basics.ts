// The light door (ADR 0015): what needs neither the database nor the queue, so that a program can refuse to start
// before it has loaded them.
export { DomainError, type Fault, InvalidInput } from './errors.js';
export { sha256 } from './ids.js';
export { logger } from './log.js';
export { programVersion } from './project.js';
export { compileSchema, readPort } from './schema.js';
