import { z } from 'zod';
import { type Probe, readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { isJsonObject } from '../../src/lib/json.ts';
import { numericId } from './ids.ts';
import { isAbsent, undetermined } from './read-back.ts';
import { ref } from './resources.ts';

/** [sdk] Run.state; states that nobody has listed yet count as still running. */
const run = z.object({
  run_id: z.int(),
  job_id: z.int().optional(),
  state: z.object({
    life_cycle_state: z.string(),
    result_state: z.string().optional(),
    state_message: z.string().optional(),
  }),
});
const ENDED: ReadonlySet<string> = new Set(['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR']);

const onRun = ({ run_id }: { readonly run_id: number }) => [ref('UnityCatalog::Run', String(run_id))] as const;
const onJob = ({ job_id }: { readonly job_id: number }) => [ref('UnityCatalog::Job', String(job_id))] as const;
const runCall = (run_id: number) => ({ method: 'GET', path: '/api/2.2/jobs/runs/get', query: { run_id } }) as const;

const getRun = readOperation({
  name: 'unity-catalog.run.get',
  description: 'Shows how a run of a job stands.',
  input: z.strictObject({ run_id: numericId }),
  output: run,
  resourceTypes: ['UnityCatalog::Run'],
  resources: onRun,
  execute: httpExecution({ request: ({ run_id }) => runCall(run_id), repeatable: true, result: ({ body }) => body }),
  evidence: [{ mark: 'sdk', source: 'jobs.get_run: GET /api/2.2/jobs/runs/get?run_id' }],
});

/** Asks for the run that was launched; without its id only another call with the same token can tell. */
const endOfRun: Probe<object> = async (_, { handle, http, signal }) => {
  const id = handle?.['run_id'];
  if (typeof id !== 'number') return { status: 'undetermined', detail: 'Which run it was, only its token tells.' };
  const answer = await http.send(runCall(id), { repeatable: true, reads: true, signal });
  const parsed = answer.ok ? run.safeParse(answer.reply.body) : undefined;
  if (parsed?.success !== true) return undetermined(answer);
  return ENDED.has(parsed.data.state.life_cycle_state)
    ? { status: 'applied', result: parsed.data }
    : { status: 'running' };
};

const DAY_MS = 86_400_000;

const runNow = writeOperation({
  name: 'unity-catalog.job.run',
  description: 'Runs a job now, with the rights of whoever the job runs as. What it does, the job says, not this call.',
  input: z.strictObject({
    job_id: numericId,
    job_parameters: z.record(z.string().min(1).max(255), z.string().max(10_000)).optional(),
  }),
  output: z.object({ run_id: z.int(), state: run.shape.state.optional() }),
  resourceTypes: ['UnityCatalog::Job'],
  resources: onJob,
  touched: ({ run_id }) => onRun({ run_id }),
  provenance: { arguments: { job_id: 'target', job_parameters: 'content' } },
  effect: () => ({ kind: 'execute', reversible: 'no', external: true, privileged: true, count: 1 }),
  effectKinds: ['execute'],
  repeat: {
    class: 'idempotent-key',
    where: 'body idempotency_token',
    // How long a token is kept is not published; a day is a guess.
    keptForMs: DAY_MS,
    evidence: {
      mark: 'spec',
      source: '"Databricks guarantees that exactly one run is launched with that idempotency token"',
    },
  },
  execute: httpExecution({
    request: ({ job_id, job_parameters }, { actionId }) => ({
      method: 'POST',
      path: '/api/2.2/jobs/run-now',
      body: {
        job_id,
        idempotency_token: actionId.slice(0, 64),
        ...(job_parameters !== undefined && { job_parameters }),
      },
    }),
    repeatable: true,
    result: ({ body }) => body,
    accepted: ({ body }) => ({ run_id: z.object({ run_id: z.int() }).parse(body).run_id }),
  }),
  probe: endOfRun,
  undo: { none: 'What a run has done stays; cancelling it only ends it.' },
  evidence: [
    { mark: 'spec', source: 'POST /api/2.2/jobs/run-now {job_id, idempotency_token ≤ 64 characters, job_parameters}' },
  ],
});

const cancelRun = writeOperation({
  name: 'unity-catalog.run.cancel',
  description: 'Cancels a run. What it has done so far stays.',
  input: z.strictObject({ run_id: numericId }),
  output: z.object({}),
  resourceTypes: ['UnityCatalog::Run'],
  resources: onRun,
  provenance: { arguments: { run_id: 'target' } },
  effect: () => ({ kind: 'update', reversible: 'no', external: false, privileged: false, count: 1 }),
  effectKinds: ['update'],
  repeat: {
    class: 'naturally-idempotent',
    evidence: { mark: 'sdk', source: 'jobs.cancel_run: what has ended stays ended' },
  },
  execute: httpExecution({
    request: (body) => ({ method: 'POST', path: '/api/2.2/jobs/runs/cancel', body }),
    repeatable: true,
    result: () => ({}),
  }),
  probe: async ({ run_id }, { http, signal }) => {
    const answer = await http.send(runCall(run_id), { repeatable: true, reads: true, signal });
    const state = answer.ok && isJsonObject(answer.reply.body) ? run.safeParse(answer.reply.body) : undefined;
    if (state?.success !== true) return undetermined(answer);
    if (state.data.state.result_state === 'CANCELED') return { status: 'applied', result: {} };
    return ENDED.has(state.data.state.life_cycle_state) ? undetermined(answer) : { status: 'not-applied' };
  },
  undo: { none: 'A run does not go on; the job can be run again.' },
  evidence: [{ mark: 'sdk', source: 'jobs.cancel_run: POST /api/2.2/jobs/runs/cancel {run_id}' }],
});

const deleteJob = writeOperation({
  name: 'unity-catalog.job.delete',
  description: 'Deletes a job with its schedule.',
  input: z.strictObject({ job_id: numericId }),
  output: z.object({}),
  resourceTypes: ['UnityCatalog::Job'],
  resources: onJob,
  provenance: { arguments: { job_id: 'target' } },
  effect: () => ({ kind: 'delete', reversible: 'no', external: false, privileged: true, count: 1 }),
  effectKinds: ['delete'],
  repeat: { class: 'at-most-once', evidence: { mark: 'sdk', source: 'jobs.delete names no key' } },
  execute: httpExecution({
    request: (body) => ({ method: 'POST', path: '/api/2.2/jobs/delete', body }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: async ({ job_id }, { http, signal }) => {
    const call = { method: 'GET', path: '/api/2.2/jobs/get', query: { job_id } } as const;
    const answer = await http.send(call, { repeatable: true, reads: true, signal });
    if (answer.ok) return { status: 'not-applied' };
    return isAbsent(answer) ? { status: 'applied', result: {} } : undetermined(answer);
  },
  undo: { none: 'A new job has another id, and what it was is not kept.' },
  evidence: [{ mark: 'sdk', source: 'jobs.delete: POST /api/2.2/jobs/delete {job_id}' }],
});

export const jobOperations = [getRun, runNow, cancelRun, deleteJob] as const;
