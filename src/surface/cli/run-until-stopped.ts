import type { CliContext, Running } from './cli-context.ts';

/** Keeps a server until the process is told to end; then lets it end in order. */
export async function runUntilStopped(context: CliContext, running: Running): Promise<void> {
  await context.stopped();
  context.err('Ending: running actions finish first.');
  await running.close();
}
