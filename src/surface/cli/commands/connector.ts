import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CONFIG, example, port } from '../command-line.ts';
import { plain, table } from '../plain.ts';
import { print, printList } from '../print.ts';
import { runUntilStopped } from '../run-until-stopped.ts';
import { addConnectorImport } from './connector-import.ts';
import { addConnectorKit } from './connector-kit.ts';

export function addConnector(program: Command, context: CliContext): void {
  const connector = program
    .command('connector')
    .description('governed systems and what can be done in them')
    .addHelpText(...example('interlock connector list'));
  connector
    .command('list')
    .description('the operations of the configured connectors; with --json their schemas, too')
    .addHelpText(...example('interlock connector list --json'))
    .option(...CONFIG)
    .action(async ({ config }: { config?: string }) => {
      const operations = await context.local.operations(config);
      printList(context, operations, () =>
        table([
          ['OPERATION', 'EFFECTS', 'REPEAT', 'DESCRIPTION'],
          ...operations.map(({ operation, effectKinds, repeat, description }) => [
            operation,
            effectKinds.join(' '),
            repeat,
            plain(description),
          ]),
        ]),
      );
    });
  connector
    .command('simulate <connector>')
    .description("run a connector's simulated system alone, on loopback")
    .addHelpText(...example('interlock connector simulate ./my-connector --port 4010'))
    .option('-p, --port <port>', 'port; 0 chooses a free one', port, 0)
    .option('--audit-file <file>', 'append each effect as a JSON line')
    .option('--control', 'let other processes inject faults and read the audit log', false)
    .action(async (name: string, options: { port: number; auditFile?: string; control: boolean }) => {
      const running = await context.local.simulate({ connector: name, ...options });
      const { url, settings } = running;
      print(context, { url, settings }, () => `${name} is simulated at ${url}`);
      await runUntilStopped(context, running);
    });
  addConnectorKit(connector, context);
  addConnectorImport(connector, context);
}
