import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import type { Answer } from '../../src/gate/answers.ts';
import type { AgentCaller, Operator } from '../../src/gate/interlock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { type Gateway, startGateway } from '../../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import type { OfferedTool } from './read-corpus.ts';
import type { RecordedCall, RecordedRun } from './recorded-run.ts';
import { operationName, recordedTools } from './recorded-tools.ts';
import type { SuiteManifest } from './suite-manifest.ts';

/** What became of a call: `held` waits for a human; `invalid` is no call that its tool takes. */
export interface Verdict {
  readonly word: 'allowed' | 'denied' | 'held' | 'invalid';
  /** Policies that asked or refused. */
  readonly policies: readonly string[];
}

export interface Suite {
  readonly tools: readonly OfferedTool[];
  readonly manifest: SuiteManifest;
  /** Cedar. */
  readonly policies: string;
}

/** The call under way; calls are made one after the other. */
interface Tape {
  current?: RecordedCall | undefined;
}

/** The log is in memory: a gateway takes so many runs, then a new one is started. */
const RUNS_PER_GATEWAY = 500;
const RUNNER: Operator = { kind: 'operator', id: 'bench', tenant: 'bench', rights: new Set(['open']), groups: [] };
const PERMIT_ALL =
  '@id("permit-all") @title("Everything else is permitted here.") permit (principal, action, resource);';

/** Makes the calls of every run through a gateway, as its agent would, and says what became of each. */
export async function* replayRuns(
  suite: Suite,
  runs: readonly RecordedRun[],
  newLog: () => WorkflowLog = createMemoryLog,
): AsyncGenerator<readonly Verdict[]> {
  for (let start = 0; start < runs.length; start += RUNS_PER_GATEWAY) {
    const directory = mkdtempSync(join(tmpdir(), 'interlock-agentdojo-'));
    const tape: Tape = {};
    try {
      const gateway = await startOver(suite, tape, { directory, log: newLog() });
      for (const run of runs.slice(start, start + RUNS_PER_GATEWAY)) yield await replay(gateway, run, tape);
      await gateway.interlock.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

interface Place {
  readonly directory: string;
  readonly log: WorkflowLog;
}

function startOver({ tools, manifest, policies }: Suite, tape: Tape, { directory, log }: Place): Promise<Gateway> {
  writeFileSync(join(directory, 'policies.cedar'), `${PERMIT_ALL}\n${policies}`);
  const config = parseConfig(
    { data: 'data', policies: ['policies.cedar'], judge: { share: 0 } },
    { file: 'agentdojo', baseDirectory: directory },
  );
  const connector = recordedTools(tools, manifest, async () => tape.current);
  return startGateway({
    config,
    connectors: [{ system: 'recorded', connector, settings: {} }],
    log,
    logger: createLogger('silent'),
  });
}

async function replay({ interlock }: Gateway, run: RecordedRun, tape: Tape): Promise<readonly Verdict[]> {
  const { id: workflow } = await interlock.open(RUNNER, { onBehalfOf: { id: 'user' }, mandate: run.prompt });
  const { token } = await interlock.openSession(RUNNER, workflow, { agent: 'agent' });
  const agent = (await interlock.authenticate(token)) as AgentCaller; // a session token is an agent's
  const verdicts: Verdict[] = [];
  for (const [index, call] of run.calls.entries()) {
    const id = `${workflow}-${index}`;
    tape.current = call;
    verdicts.push(
      await verdictOn(() =>
        interlock.run(agent, { id, operation: operationName('recorded', call.tool), input: call.args }),
      ),
    );
  }
  return verdicts;
}

async function verdictOn(run: () => Promise<Answer>): Promise<Verdict> {
  try {
    const { decision, reasons } = await run();
    const policies = reasons.map(({ policy }) => policy).filter((policy) => policy !== 'permit-all');
    const word = decision === 'deny' ? 'denied' : decision === 'step_up' || decision === 'defer' ? 'held' : 'allowed';
    return { word, policies };
  } catch (thrown) {
    if (!(thrown instanceof InterlockError)) throw thrown;
    return { word: 'invalid', policies: [thrown.code] };
  }
}
