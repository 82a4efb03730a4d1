import { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import { example } from './command-line.ts';
import { addApprovals } from './commands/approvals.ts';
import { addCheck } from './commands/check.ts';
import { addConnector } from './commands/connector.ts';
import { addDev } from './commands/dev.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addFacts } from './commands/facts.ts';
import { addFreezes } from './commands/freezes.ts';
import { addKey } from './commands/key.ts';
import { addLog } from './commands/log.ts';
import { addMcp } from './commands/mcp.ts';
import { addPolicy } from './commands/policy.ts';
import { addServe } from './commands/serve.ts';
import { addWatch } from './commands/watch.ts';
import { addWorker } from './commands/worker.ts';
import { addWorkflow } from './commands/workflow.ts';

const COMMANDS = [
  addDev,
  addServe,
  addWorker,
  addDoctor,
  addCheck,
  addExplain,
  addWatch,
  addWorkflow,
  addFreezes,
  addFacts,
  addApprovals,
  addPolicy,
  addLog,
  addConnector,
  addMcp,
  addKey,
];

const EPILOGUE = `
Commands that ask a running gateway find it by INTERLOCK_URL and INTERLOCK_KEY.
Exit codes: 0 allowed or fine, 1 failure, 2 denied, 3 invalid input, 4 held, 5 log broken, 64 usage.`;

/** The `interlock` command. What cannot be understood throws commander's own errors, which `reportError` takes. */
export function createProgram(context: CliContext, version: string): Command {
  const program = new Command('interlock');
  program
    .description('Decides every action of AI agents before it reaches a System of Record.')
    .version(version)
    .option('--json', 'machine-readable output: one JSON object a line')
    .option('-q, --quiet', 'no output but errors: the exit code tells')
    .addHelpText(...example('npx interlock dev'))
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out(text.trimEnd()),
      // With --json the error itself is the one object that is written.
      writeErr: (text) => context.isJson() || context.err(text.trimEnd()),
    });
  for (const add of COMMANDS) add(program, context);
  return program;
}
