import { Argument, type Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { print } from '../print.ts';

/** What operations can be taken in from. */
export const IMPORTED = ['openapi', 'mcp', 'manifest'] as const;

const SOURCES = `
<source> is, for
  openapi   a file: OpenAPI 3.0, 3.1 or Swagger 2, as JSON or YAML
  mcp       a configured MCP server
  manifest  a file: a list of tools as MCP lists them, or as model APIs are given them, as JSON`;

/** Taking in operations that somebody must classify: a proposal first, then one acceptance for each. */
export function addConnectorImport(connector: Command, context: CliContext): void {
  connector
    .command('import')
    .description('a manifest for operations that others describe, to be reviewed; every operation unclassified')
    .addHelpText(...example('interlock connector import openapi billing.yaml > billing.manifest.yaml'))
    .addHelpText('after', SOURCES)
    .addArgument(new Argument('<kind>').choices(IMPORTED))
    .argument('<source>')
    .option(...CONFIG)
    .action(async (kind: (typeof IMPORTED)[number], source: string, options: { config?: string }) => {
      const manifest = (await context.local.importManifest({ ...options, kind, source })).trimEnd();
      print(context, { kind, source, manifest }, () => manifest);
    });
  connector
    .command('accept <system> <operation>')
    .description("accept an operation's present definition, after review: writes its pin into the manifest")
    .addHelpText(...example('interlock connector accept billing "DELETE /invoices/{invoiceId}"'))
    .option(...CONFIG)
    .action(async (system: string, operation: string, options: { config?: string }) => {
      const pin = await context.local.acceptDefinition({ ...options, system, tool: operation });
      print(context, { system, operation, pin }, () => `${operation} of ${system} is pinned at ${pin}`);
    });
}
