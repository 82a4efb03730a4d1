import { createLogger } from '../../src/runtime/logger.ts';

// Logs a line each time it is told to, and says that it is still there.
const log = createLogger('info');
process.stdin.on('data', () => {
  log.info('a line');
  process.stdout.write('alive\n');
});
