import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CONFIG, example } from '../command-line.ts';
import { print } from '../print.ts';

export function addMcp(program: Command, context: CliContext): void {
  const mcp = program
    .command('mcp')
    .description('Model Context Protocol: serve it, and govern other servers')
    .addHelpText(...example('interlock mcp serve'));
  mcp
    .command('serve')
    .description('offer the configured operations to one MCP client over standard input and output')
    .addHelpText(...example('interlock mcp serve --user ada'))
    .option(...CONFIG)
    .option('-u, --user <id>', 'the user the client works for', 'local')
    .option('-t, --tenant <id>', 'the tenant', 'local')
    .action(async (options: { config?: string; user: string; tenant: string }) =>
      context.local.mcpStdio({ ...options, stopped: context.stopped() }),
    );
  mcp
    .command('propose <system>')
    .description('a tool manifest for a configured MCP server, to be reviewed; every tool unclassified')
    .addHelpText(...example('interlock mcp propose files > files-tools.yaml'))
    .option(...CONFIG)
    .action(async (system: string, options: { config?: string }) => {
      const manifest = (await context.local.proposeManifest({ ...options, system })).trimEnd();
      print(context, { system, manifest }, () => manifest);
    });
  mcp
    .command('accept <system> <tool>')
    .description("accept a tool's present definition, after review: writes its pin into the manifest")
    .addHelpText(...example('interlock mcp accept files read_file'))
    .option(...CONFIG)
    .action(async (system: string, tool: string, options: { config?: string }) => {
      const pin = await context.local.acceptDefinition({ ...options, system, tool });
      print(context, { system, tool, pin }, () => `${tool} of ${system} is pinned at ${pin}`);
    });
}
