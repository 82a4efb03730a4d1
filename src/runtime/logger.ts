import { type Logger, pino } from 'pino';
import { traceFields } from '../lib/tracing/trace-fields.ts';

export type { Logger };

/** Names of members that are never logged, wherever they stand. */
const SECRET_MEMBERS = ['authorization', 'token', 'secret', 'password', 'key', 'clientSecret', 'privateKey'];

/** JSON lines on standard error, so that standard output stays with data and protocols. */
export function createLogger(level: string): Logger {
  const paths = SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino(
    { level, base: null, redact: { paths, censor: '[redacted]' }, mixin: () => traceFields() },
    pino.destination({ fd: 2, sync: true }),
  );
}
