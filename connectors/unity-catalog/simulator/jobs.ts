import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { absent } from './replies.ts';
import type { Workspace } from './seed.ts';

const field = (request: SimulatorRequest, name: string) =>
  isJsonObject(request.body) ? request.body[name] : undefined;

/** `/api/2.2/jobs/…`; a token that was used before answers the run that it launched. */
export function answerJobs(
  workspace: Workspace,
  request: SimulatorRequest,
  world: SimulatorWorld,
): SimulatorResponse | undefined {
  const id = Number(field(request, 'job_id') ?? request.query.get('job_id'));
  const runId = Number(field(request, 'run_id') ?? request.query.get('run_id'));
  switch (`${request.method} ${request.segments.slice(3).join('/')}`) {
    case 'POST run-now':
      return workspace.jobs.has(id)
        ? launch(workspace, { id, token: String(field(request, 'idempotency_token')) }, world)
        : absent(`Job ${id}`);
    case 'GET get':
      return workspace.jobs.has(id) ? { status: 200, body: { job_id: id } } : absent(`Job ${id}`);
    case 'POST delete':
      if (!workspace.jobs.delete(id)) return absent(`Job ${id}`);
      world.audit('job.delete', String(id));
      return { status: 200, body: {} };
    case 'GET runs/get':
      return showRun(workspace, runId);
    case 'POST runs/cancel':
      return cancel(workspace, runId, world);
    default:
      return undefined;
  }
}

function launch(
  { runs, runsByToken }: Workspace,
  { id, token }: { readonly id: number; readonly token: string },
  world: SimulatorWorld,
): SimulatorResponse {
  const known = runsByToken.get(token);
  if (known !== undefined) return { status: 200, body: { run_id: known } };
  const runId = 7_000 + runs.size;
  runs.set(runId, { jobId: id, state: 'RUNNING', result: '' });
  runsByToken.set(token, runId);
  world.audit('job.run', String(id), token);
  return { status: 200, body: { run_id: runId } };
}

/** A run ends when it is asked for the first time. */
function showRun({ runs }: Workspace, runId: number): SimulatorResponse {
  const run = runs.get(runId);
  if (run === undefined) return absent(`Run ${runId}`);
  const { state, result, jobId } = run;
  if (state === 'RUNNING') Object.assign(run, { state: 'TERMINATED', result: 'SUCCESS' });
  return {
    status: 200,
    body: {
      run_id: runId,
      job_id: jobId,
      state: { life_cycle_state: state, ...(result !== '' && { result_state: result }) },
    },
  };
}

function cancel({ runs }: Workspace, runId: number, world: SimulatorWorld): SimulatorResponse {
  const run = runs.get(runId);
  if (run === undefined) return absent(`Run ${runId}`);
  if (run.state === 'RUNNING') {
    Object.assign(run, { state: 'TERMINATED', result: 'CANCELED' });
    world.audit('run.cancel', String(runId));
  }
  return { status: 200, body: {} };
}
