import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import models from '../../../connectors/models/index.ts';
import { simulateModels } from '../../../connectors/models/simulator/simulate-models.ts';
import type { AnyConnector, Simulator } from '../../../src/connector/contract.ts';
import type { Operator } from '../../../src/gate/interlock.ts';
import type { OpenRequest } from '../../../src/gate/requests.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { createHttpSurface } from '../../../src/surface/http/create-http-surface.ts';
import { answerModelCall, refused } from '../../../src/surface/models/answer-model-call.ts';
import { refusedCall } from '../../../src/surface/models/model-error.ts';
import { createMemoryLog } from '../../../src/workflow/memory-log.ts';
import { NoteSystem, notesConnector } from '../../support/notes-connector.ts';
import { PERMIT_ALL } from '../../support/test-gateway.ts';

export const OPENER = operator('opener', ['open']);
export const APPROVER = operator('grace', ['approve'], ['security']);
export const ADMIN = operator('root', ['administer']);

function operator(id: string, rights: readonly ('open' | 'approve' | 'administer')[], groups: string[] = []): Operator {
  return { kind: 'operator', id, tenant: 'acme', rights: new Set(rights), groups };
}

interface Options {
  readonly policies?: string;
  /** Instead of the simulated provider's own settings. */
  readonly settings?: (simulator: Simulator) => JsonObject;
  readonly heldMs?: number;
}

/** A gateway with its HTTP surface, in front of a simulated provider of models and of notes that can be secret. */
export async function modelsWorld({ policies = PERMIT_ALL, settings, heldMs = 0 }: Options = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'interlock-models-'));
  const simulator = await simulateModels({ port: 0 });
  writeFileSync(join(directory, 'policies.cedar'), policies);
  const config = parseConfig(
    { policies: ['policies.cedar'], judge: { share: 1 } },
    { file: 'test', baseDirectory: directory },
  );
  const notes = new NoteSystem();
  notes.notes.set('hr-1', 'salary').set('n1', 'plain untrusted words of others, which say a lot');
  const connector: AnyConnector = models;
  const gateway = await startGateway({
    config,
    connectors: [
      { system: 'models', connector, settings: settings?.(simulator) ?? simulator.settings },
      { system: 'notes', connector: notesConnector(notes), settings: {} },
    ],
    log: createMemoryLog(),
    logger: createLogger('silent'),
  });
  const { interlock } = gateway;
  const http = await createHttpSurface({
    interlock,
    logger: createLogger('silent'),
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: [],
    console: false,
    models: {
      answer: (caller, request) => answerModelCall({ interlock, heldMs }, caller, request),
      refused: (error) => refused(refusedCall(error)),
    },
  });
  const address = await http.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await http.close();
    await interlock.close();
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const agent = async (request: Partial<OpenRequest> = {}) => {
    const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' }, ...request });
    const { token } = await interlock.openSession(OPENER, workflow, { agent: 'helper' });
    const caller = await interlock.authenticate(token);
    const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${address}/models/models/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    return { workflow, token, caller, post };
  };
  return { ...gateway, simulator, notes, address, agent, baseURL: `${address}/models/models/v1` };
}

/** The data of every event of a stream. */
export function dataOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
}
