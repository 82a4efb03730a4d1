import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change, FLEET } from '../effects.ts';
import { resourceOf } from '../envelope.ts';
import { mem, sdk } from '../evidence.ts';
import { workflowId } from '../ids.ts';
import { readBack, undetermined } from '../read-back.ts';
import { refs } from '../resources.ts';

const handleOf = z.object({ execution_id: z.string().min(1) });
const progress = z.object({
  resources: z.tuple([z.object({ execution_id: z.string(), status: z.string() })], z.unknown()),
});
const RUNNING = /^(?:in ?progress|running|queued|pending)$/i;

const executeWorkflow = writeOperation({
  name: 'crowdstrike.workflow.execute',
  description:
    'Starts a Fusion workflow. What it does to how many hosts stands in its definition, which the call does not show.',
  input: z.strictObject({
    workflowId,
    parameters: z.record(z.string().max(100), z.union([z.string().max(4_000), z.number(), z.boolean()])).default({}),
  }),
  output: z.object({ execution_id: z.string(), status: z.string().optional() }),
  resourceTypes: ['CrowdStrike::Workflow'],
  resources: ({ workflowId }) => refs('CrowdStrike::Workflow', [workflowId]),
  provenance: { arguments: { workflowId: 'target', parameters: 'content' } },
  effect: () => change('execute', 'no', { external: true, count: FLEET }),
  effectKinds: ['execute'],
  repeat: {
    class: 'at-most-once',
    evidence: sdk(
      'WorkflowExecute: `key` "used to help deduplicate executions"; for how long it is kept is not said, so it is sent and not relied on',
    ),
  },
  execute: httpExecution({
    request: ({ workflowId, parameters }, { actionId }) => ({
      method: 'POST',
      path: '/workflows/entities/execute/v1',
      query: { definition_id: workflowId, key: actionId },
      body: parameters,
    }),
    repeatable: false,
    accepted: (reply) => ({ execution_id: resourceOf(reply, z.string().min(1)) }),
    result: (reply) => ({ execution_id: resourceOf(reply, z.string()) }),
  }),
  probe: async (_input, context) => {
    const handle = handleOf.safeParse(context.handle);
    if (!handle.success) return undetermined('An execution is found by its id, which was not answered.');
    const answer = await readBack(
      { method: 'GET', path: '/workflows/entities/execution-results/v1', query: { ids: handle.data.execution_id } },
      context,
    );
    if (!answer.ok) return undetermined(answer.detail);
    const said = progress.safeParse(answer.reply.body);
    if (!said.success) return undetermined('The reply does not tell.');
    const [execution] = said.data.resources;
    return RUNNING.test(execution.status) ? { status: 'running' } : { status: 'applied', result: execution };
  },
  undo: { none: 'What a workflow did stands in its definition; nothing takes it back as a whole.' },
  evidence: [
    sdk('POST /workflows/entities/execute/v1 (WorkflowExecute)'),
    sdk('GET /workflows/entities/execution-results/v1 (WorkflowExecutionResults)'),
    mem('the values of an execution’s status'),
  ],
});

export const workflowOperations = [executeWorkflow] as const;
