import { join } from 'node:path';
import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject } from '../../../src/lib/json.ts';

export const SIMULATED_TOKEN = 'simulated-tasks-token';

/** Ids that a new simulation has. */
export const SEED = { open: 'task-1', closed: 'task-2', other: 'task-3' } as const;

interface Task {
  readonly id: string;
  readonly title: string;
  readonly status: 'open' | 'closed';
  /** Not in the description: it must never get out. */
  readonly internalNote: string;
}

type Tasks = Map<string, Task>;

/** The API that `tasks.openapi.yaml` describes, with the manifest beside it. */
export const simulateTasks: Simulate = (options) => {
  const task = (id: string, title: string, status: Task['status']): [string, Task] => [
    id,
    { id, title, status, internalNote: 'internal' },
  ];
  const tasks: Tasks = new Map([
    task(SEED.open, 'Call the bank', 'open'),
    task(SEED.closed, 'Order paper', 'closed'),
    task(SEED.other, 'Water the plants', 'open'),
  ]);
  return createSimulator({
    options,
    settings: (origin) => ({
      url: origin,
      description: join(import.meta.dirname, 'tasks.openapi.yaml'),
      manifest: join(import.meta.dirname, 'tasks.manifest.yaml'),
      authentication: { kind: 'header', secret: SIMULATED_TOKEN },
    }),
    handle: (request, world) =>
      request.headers['authorization'] === `Bearer ${SIMULATED_TOKEN}`
        ? answer(tasks, request, world)
        : { status: 401, body: { error: 'nobody' } },
  });
};

const NOT_FOUND: SimulatorResponse = { status: 404, body: { error: 'no such task' } };

function answer(tasks: Tasks, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const [noun, id, verb] = request.segments;
  if (noun !== 'tasks') return NOT_FOUND;
  if (id === undefined) return request.method === 'GET' ? list(tasks, request) : create(tasks, request, world);
  const task = tasks.get(id);
  if (task === undefined) return NOT_FOUND;
  if (verb === 'close' || verb === 'reopen')
    return change(tasks, { ...task, status: verb === 'close' ? 'closed' : 'open' }, { effect: verb, world });
  if (request.method === 'GET') return { status: 200, body: { ...task } };
  if (request.method === 'PATCH')
    return change(tasks, { ...task, title: titleOf(request) }, { effect: 'rename', world });
  tasks.delete(id);
  world.audit('task.delete', id);
  return { status: 204 };
}

function list(tasks: Tasks, { query }: SimulatorRequest): SimulatorResponse {
  const found = [...tasks.values()].filter(({ status }) => status === (query.get('status') ?? status));
  return { status: 200, body: { tasks: found.map((task) => ({ ...task })) } };
}

function create(tasks: Tasks, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const task: Task = { id: world.id(), title: titleOf(request), status: 'open', internalNote: 'internal' };
  tasks.set(task.id, task);
  world.audit('task.create', task.id);
  return { status: 201, body: { ...task } };
}

interface Change {
  readonly effect: string;
  readonly world: SimulatorWorld;
}

function change(tasks: Tasks, task: Task, { effect, world }: Change): SimulatorResponse {
  tasks.set(task.id, task);
  world.audit(`task.${effect}`, task.id);
  return { status: 200, body: { ...task } };
}

function titleOf({ body }: SimulatorRequest): string {
  return isJsonObject(body) && typeof body['title'] === 'string' ? body['title'] : '';
}
