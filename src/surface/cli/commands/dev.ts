import type { Command } from 'commander';
import type { CliContext, RunningDev } from '../cli-context.ts';
import { example, port } from '../command-line.ts';
import { palette } from '../plain.ts';
import { runUntilStopped } from '../run-until-stopped.ts';

export function addDev(program: Command, context: CliContext): void {
  program
    .command('dev')
    .description('run a gateway with simulated systems on this machine, and the clients that the configuration names')
    .addHelpText(...example('interlock dev --port 4000'))
    .option('-c, --config <file>', 'configuration; default ./interlock.yaml, else the one that comes with Interlock')
    .option('-p, --port <port>', 'port to listen on; default as configured', port)
    .action(async (options: { config?: string; port?: number }) => {
      const dev = await context.local.dev(options);
      context.err(header(context, dev));
      let stopped = false;
      void context.stopped().then(() => {
        stopped = true;
      });
      void dev.companionsEnded.then(() => stopped || context.err(nextSteps(context, dev)));
      await runUntilStopped(context, dev);
    });
}

function header(context: CliContext, { url, keys, simulated, missingCompanions }: RunningDev): string {
  const c = palette(context.colour);
  return [
    `${c.bold('Interlock')} governs at ${c.cyan(url)}`,
    `  watch it live    ${c.cyan(`${url}/#key=${keys.approver}`)}`,
    `  other terminals  ${variables(url, keys.approver)}`,
    ...simulated.map(({ title, origin }) => `  simulated        ${title} at ${origin}`),
    ...missingCompanions.map((script) => c.yellow(`  not found        ${script}: the gateway runs without it`)),
    '',
  ].join('\n');
}

function nextSteps(context: CliContext, { url, keys }: RunningDev): string {
  const c = palette(context.colour);
  return [
    '',
    c.bold('It stays up. Try next, in another terminal:'),
    `  ${variables(url, keys.approver)}`,
    '  npx interlock workflow list          what each workflow has done',
    '  npx interlock approvals list         what waits for a human',
    '  npx interlock watch                  every decision as it falls',
    `  curl -s ${url}/v1/operations -H "authorization: Bearer $INTERLOCK_KEY"`,
    '',
    'Put it in front of your own agent: any MCP client, with this entry:',
    `  { "mcpServers": { "interlock": { "type": "http", "url": "${url}/mcp", "headers": { "Authorization": "Bearer ${keys.runner}" } } } }`,
    '',
    c.dim('Ctrl-C ends it.'),
  ].join('\n');
}

function variables(url: string, key: string): string {
  return `export INTERLOCK_URL=${url} INTERLOCK_KEY=${key}`;
}
