import type { Command } from 'commander';
import { InterlockError } from '../../../lib/errors.ts';
import type { JsonObject } from '../../../lib/json.ts';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import { palette } from '../plain.ts';
import { print, textOf } from '../print.ts';

export function addWatch(program: Command, context: CliContext): void {
  program
    .command('watch')
    .description('every event of the tenant as it becomes durable; Ctrl-C ends it')
    .addHelpText(...example('interlock watch --json'))
    .action(async () => {
      const ending = new AbortController();
      void context.stopped().then(() => ending.abort());
      try {
        for await (const event of context.api().events('/v1/events', ending.signal)) {
          print(context, event, () => line(context, event));
        }
        throw new InterlockError('SYSTEM_UNAVAILABLE', 'the gateway ended the stream');
      } catch (thrown) {
        if (!ending.signal.aborted) throw thrown;
      }
    });
}

function line(context: CliContext, event: JsonObject): string {
  const c = palette(context.colour);
  const colours: Record<string, (text: string) => string> = {
    allow: c.green,
    deny: c.red,
    modify: c.yellow,
    step_up: c.magenta,
    defer: c.magenta,
  };
  const at = event['at'];
  const time = typeof at === 'number' ? new Date(at).toISOString().slice(11, 23) : '';
  const colour = colours[textOf(event, 'decision')] ?? ((text: string) => text);
  return `${c.dim(time)} ${textOf(event, 'agent').padEnd(14)} ${colour(textOf(event, 'text'))}`;
}
