import { type Logger, pino } from 'pino';

const root = pino({
  level: process.env.INSIGNE_LOG_LEVEL ?? 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  redact: {
    paths: ['req.headers.authorization', 'headers.authorization', '*.secret', '*.password'],
    censor: '[hidden]',
  },
});

/** A structured logger (one JSON object a line). Fields carry ids only: never a name, phone, address or token. */
export const logger = (name: string): Logger => root.child({ name });
