import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import type { AnyConnector } from '../../src/connector/contract.ts';
import type { Answer } from '../../src/gate/answers.ts';
import type { Caller, Interlock } from '../../src/gate/interlock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { type Gateway, startGateway } from '../../src/runtime/start-gateway.ts';
import { refuseDifferences } from '../support/refuse-differences.ts';
import { rememberedPolicies } from '../support/remembered-policies.ts';
import { newDirectory, OPENER, PERMIT_ALL } from '../support/test-gateway.ts';
import { DeskSystem, deskConnector } from './desk-connector.ts';

interface Options {
  /** Forbids, beside a permit for everything. */
  readonly policies: string;
  /** YAML. */
  readonly signals: string;
  readonly clock?: Clock;
  readonly log?: WorkflowLog;
  readonly directory?: string;
  readonly system?: DeskSystem;
  /** What stands for the desk; default: {@link deskConnector}. */
  readonly connector?: (system: DeskSystem) => AnyConnector;
}

export interface Actor {
  readonly workflow: string;
  readonly session: string;
  readonly caller: Caller;
  /** `desk.` need not be written. */
  run(operation: string, input?: JsonObject, id?: string): Promise<Answer>;
}

export interface SignalWorld extends Gateway {
  readonly system: DeskSystem;
  readonly directory: string;
  /** Opens a workflow with one agent in it, or joins one. */
  actor(as?: { readonly user?: string; readonly agent?: string; readonly workflow?: string }): Promise<Actor>;
  /** Puts other policies and signals in force. */
  change(policies: string, signals: string): Promise<unknown>;
}

/** A whole gateway over a desk, with signals. */
export async function signalWorld(options: Options): Promise<SignalWorld> {
  const { clock, log, directory = newDirectory(), system = new DeskSystem(), connector = deskConnector } = options;
  const write = (policies: string, signals: string): void => {
    mkdirSync(join(directory, 'policies'), { recursive: true });
    writeFileSync(join(directory, 'policies', 'desk.cedar'), `${PERMIT_ALL}\n${policies}`);
    writeFileSync(join(directory, 'policies', 'desk.signals.yaml'), signals);
  };
  write(options.policies, options.signals);
  const config = parseConfig(
    { data: 'data', policies: ['policies'], judge: { share: 1 } },
    { file: 'test', baseDirectory: directory },
  );
  const connectors = [{ system: 'desk', connector: connector(system), settings: {} }];
  const logger = createLogger('silent');
  const gateway = await startGateway({ config, connectors, clock, log, logger, policySets: rememberedPolicies });
  onTestFinished(async () => {
    await refuseDifferences(gateway);
    await gateway.interlock.close();
  });
  return {
    ...gateway,
    system,
    directory,
    actor: (as) => actorIn(gateway.interlock, as),
    change: (policies, signals) => {
      write(policies, signals);
      return gateway.reloadPolicies('test');
    },
  };
}

async function actorIn(
  interlock: Interlock,
  { user = 'ada', agent = 'helper', workflow: known }: Parameters<SignalWorld['actor']>[0] = {},
): Promise<Actor> {
  const workflow = known ?? (await interlock.open(OPENER, { onBehalfOf: { id: user } })).id;
  const { token, session } = await interlock.openSession(OPENER, workflow, { agent });
  const caller = await interlock.authenticate(token);
  const run: Actor['run'] = (operation, input = {}, id) =>
    interlock.run(caller, { operation: `desk.${operation}`, input, ...(id === undefined ? {} : { id }) });
  return { workflow, session, caller, run };
}
