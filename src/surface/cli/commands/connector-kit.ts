import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import type { CheckedRule, TestedConnector } from '../connector-work.ts';
import { EXIT } from '../exit-code.ts';
import { palette, plain } from '../plain.ts';
import { print } from '../print.ts';

/** What integrators write connectors with. */
export function addConnectorKit(connector: Command, context: CliContext): void {
  connector
    .command('new <name>')
    .description('write a small connector that passes its whole suite, to be changed into yours')
    .addHelpText(...example('interlock connector new pager'))
    .option('-d, --dir <folder>', 'where; default ./<name>')
    .action(async (name: string, { dir }: { dir?: string }) => {
      const written = await context.local.newConnector({ name, directory: dir });
      const { directory, files } = written;
      print(context, { directory, files: [...files] }, () =>
        [...files.map(plain), '', `Now: interlock connector test ${plain(directory)}`].join('\n'),
      );
    });
  connector
    .command('test <connector>')
    .description('hold a connector to what every connector promises, on its own simulated system')
    .addHelpText(...example('interlock connector test ./my-connector'))
    .action(async (name: string) => {
      const tested = await context.local.testConnector(name);
      print(context, { ...tested }, () => report(tested, context.colour));
      if (tested.failed > 0) context.exit(EXIT.failure);
    });
  connector
    .command('describe <connector>')
    .description('what a connector says of itself: operations, schemas, effects and evidence, as JSON')
    .addHelpText(...example('interlock connector describe ./my-connector --json'))
    .action(async (name: string) => {
      const descriptor = await context.local.describeConnector(name);
      print(context, descriptor, () => JSON.stringify(descriptor, undefined, 2));
    });
}

function report({ system, operations, passed, failed, bypassed, checks }: TestedConnector, colour: boolean): string {
  const total = `${system}: ${operations} operations, ${passed} passed, ${failed} failed, ${bypassed} bypassed`;
  return [...checks.map((check) => linesOf(check, colour)), total].join('\n');
}

const SIGNS = { passed: '✓', failed: '✗', bypassed: '–' } as const;

function linesOf({ check, rule, status, cases, reasons, notes }: CheckedRule, colour: boolean): string {
  const { green, red, yellow, dim } = palette(colour);
  const paint = { passed: green, failed: red, bypassed: yellow }[status];
  const counted = cases > 0 ? dim(` (${cases})`) : '';
  return [
    `${paint(SIGNS[status])} ${check}: ${rule}${counted}`,
    ...reasons.map((reason) => `    ${paint(status === 'failed' ? 'failed' : 'bypassed')}: ${plain(reason)}`),
    ...notes.map((note) => `    ${dim('note')}: ${plain(note)}`),
  ].join('\n');
}
