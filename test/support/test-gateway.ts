import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Call } from '../../src/action/action.ts';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import type { Answer } from '../../src/gate/answers.ts';
import type { Caller, Interlock, Operator, Right } from '../../src/gate/interlock.ts';
import type { OpenRequest } from '../../src/gate/requests.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger, type Logger } from '../../src/runtime/logger.ts';
import { type Gateway, startGateway } from '../../src/runtime/start-gateway.ts';
import { NoteSystem, notesConnector } from './notes-connector.ts';
import { OddSystem, oddConnector } from './odd-connector.ts';
import { refuseDifferences } from './refuse-differences.ts';
import { rememberedPolicies } from './remembered-policies.ts';

/** Permits everything; tests add the forbids they are about. */
export const PERMIT_ALL =
  '@id("permit-all") @title("Everything is permitted here.") permit(principal, action, resource);';

export function operator(
  id: string,
  rights: readonly Right[] = ['open', 'act', 'approve', 'administer'],
  groups: readonly string[] = [],
): Operator {
  return { kind: 'operator', id, tenant: 'acme', rights: new Set(rights), groups };
}

export interface TestGateway extends Gateway {
  readonly system: NoteSystem;
  readonly odd: OddSystem;
  readonly directory: string;
  /** Opens a workflow with one agent in it. */
  agent(
    request?: Partial<OpenRequest>,
    name?: string,
  ): Promise<{
    readonly workflow: string;
    readonly session: string;
    readonly caller: Caller;
    run(call: Call): Promise<Answer>;
  }>;
}

interface Options {
  readonly policies?: string;
  readonly system?: NoteSystem;
  readonly odd?: OddSystem;
  /** A folder that an earlier gateway left; else a new one. */
  readonly directory?: string;
  readonly clock?: Clock;
  /** A log instead of the file. */
  readonly log?: WorkflowLog;
  /** Evaluations that are compared with the reference evaluator: all, unless the test breaks the engine itself. */
  readonly judgedShare?: number;
  readonly logger?: Logger;
  /** The test breaks the engine, and is about what the judge makes of it. */
  readonly mayDiffer?: boolean;
}

export const OPENER = operator('opener', ['open']);

/** A whole gateway on a log file of its own: nothing in it is a stand-in but the system it governs. */
export async function testGateway({
  policies = PERMIT_ALL,
  system = new NoteSystem(),
  odd = new OddSystem(),
  directory = newDirectory(),
  clock,
  log,
  judgedShare = 1,
  logger = createLogger('silent'),
  mayDiffer = false,
}: Options = {}): Promise<TestGateway> {
  writeFileSync(join(directory, 'policies.cedar'), policies);
  const config = parseConfig(
    { data: 'data', policies: ['policies.cedar'], judge: { share: judgedShare } },
    { file: 'test', baseDirectory: directory },
  );
  const connectors = [
    { system: 'notes', connector: notesConnector(system), settings: {} },
    { system: 'odd', connector: oddConnector(odd), settings: {} },
  ];
  const gateway = await startGateway({ config, connectors, clock, log, logger, policySets: rememberedPolicies });
  onTestFinished(async () => {
    if (!mayDiffer) await refuseDifferences(gateway);
    await gateway.interlock.close();
  });
  return { ...gateway, system, odd, directory, agent: (request, name) => openAgent(gateway.interlock, request, name) };
}

async function openAgent(
  interlock: Interlock,
  request: Partial<OpenRequest> = {},
  name = 'helper',
): ReturnType<TestGateway['agent']> {
  const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' }, ...request });
  const { token, session } = await interlock.openSession(OPENER, workflow, { agent: name });
  const caller = await interlock.authenticate(token);
  return { workflow, session, caller, run: (call) => interlock.run(caller, call) };
}

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'interlock-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
