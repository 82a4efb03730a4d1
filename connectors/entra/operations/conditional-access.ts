import { z } from 'zod';
import { type Execute, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { failedOf } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change, WHOLE_TENANT } from '../effects.ts';
import { doc, NO_KEY, SAME_VALUES } from '../evidence.ts';
import { byBody, byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { absenceProbe, readBack, undetermined } from '../read-back.ts';
import { COLLECTION, policy } from '../resources.ts';

const POLICIES = '/v1.0/identity/conditionalAccess/policies';
const STATES = ['enabled', 'disabled', 'enabledForReportingButNotEnforced'] as const;

interface OnePolicy {
  readonly policyId: string;
}
const policyPath = ({ policyId }: OnePolicy) => `${POLICIES}${path`/${policyId}`}`;

const policyOutput = z.object({ id: z.string(), displayName: z.string().nullish(), state: z.string() });

const listPolicies = readOperation({
  name: 'entra.conditional-access.list',
  description: 'Lists the conditional access policies and whether they are enforced.',
  input: z.strictObject({ limit }),
  output: listOf(policyOutput),
  resourceTypes: ['Entra::Policy'],
  resources: () => [policy(COLLECTION)],
  labels: () => ['security'],
  touched: ({ items }) => items.map(({ id }) => policy(id)),
  execute: listExecution(() => ({ path: POLICIES })),
  evidence: [doc('GET /identity/conditionalAccess/policies')],
});

const input = z.strictObject({ policyId: objectId, state: z.enum(STATES) });
type SetState = z.output<typeof input>;
const output = z.object({ before: z.enum(STATES).optional() });

const patchCall: GraphCall<SetState> = {
  request: ({ state, ...one }) => ({ method: 'PATCH', path: policyPath(one), body: { state } }),
};
const patch = callExecution(patchCall, true);

const readAndPatch: Execute<SetState> = async (input, context) => {
  const answer = await readBack({ path: policyPath(input) }, context);
  if (!answer.ok) return failedOf(answer, true);
  const before = policyOutput.safeParse(answer.reply.body).data?.state;
  const patched = await patch(input, context);
  return patched.status === 'succeeded' ? { status: 'succeeded', result: { before } } : patched;
};

const updatePolicy = writeOperation({
  name: 'entra.conditional-access.update',
  provenance: { arguments: { policyId: 'target', state: 'flag' } },
  description:
    'Switches a conditional access policy on, off, or to reporting only. Off takes a protection from everybody it covers; on can lock everybody out.',
  input,
  output,
  resourceTypes: ['Entra::Policy'],
  resources: ({ policyId }) => [policy(policyId)],
  effect: ({ state }) =>
    change(state === 'enabled' ? 'isolate' : 'privilege', { reversible: 'operation', count: WHOLE_TENANT }),
  effectKinds: ['isolate', 'privilege'],
  repeat: SAME_VALUES,
  execute: readAndPatch,
  probe: async (input, context) => {
    const answer = await readBack({ path: policyPath(input) }, context);
    const read = answer.ok ? policyOutput.safeParse(answer.reply.body) : undefined;
    if (read?.success !== true) return undetermined(answer);
    return read.data.state === input.state ? { status: 'applied', result: {} } : { status: 'not-applied' };
  },
  undo: ({ policyId }, result) => {
    const before = output.safeParse(result).data?.before;
    return before === undefined
      ? undefined
      : { operation: 'entra.conditional-access.update', input: { policyId, state: before } };
  },
  evidence: [
    doc(
      'PATCH /identity/conditionalAccess/policies/{id}: 204; state is enabled, disabled or enabledForReportingButNotEnforced',
    ),
  ],
});

const deleteCall: GraphCall<OnePolicy> = { request: (input) => ({ method: 'DELETE', path: policyPath(input) }) };

const deletePolicy = writeOperation({
  name: 'entra.conditional-access.delete',
  provenance: { arguments: { policyId: 'target' } },
  description:
    'Deletes a conditional access policy: everybody it covers loses its protection. To pause it, switch it off.',
  input: z.strictObject({ policyId: objectId }),
  output: z.object({}),
  resourceTypes: ['Entra::Policy'],
  resources: ({ policyId }) => [policy(policyId)],
  effect: () => change('delete', { reversible: 'no', count: WHOLE_TENANT }),
  effectKinds: ['delete'],
  repeat: NO_KEY,
  execute: callExecution(deleteCall, false),
  probe: absenceProbe(policyPath),
  undo: { none: 'Its conditions and controls are gone with it and must be written again.' },
  evidence: [doc('DELETE /identity/conditionalAccess/policies/{id}: 204')],
});

export const conditionalAccessOperations = [listPolicies, updatePolicy, deletePolicy] as const;
export const conditionalAccessInner = [
  inner(updatePolicy, patchCall, {
    method: 'PATCH',
    path: '/identity/conditionalAccess/policies/{}',
    input: byBody('policyId'),
  }),
  inner(deletePolicy, deleteCall, {
    method: 'DELETE',
    path: '/identity/conditionalAccess/policies/{}',
    input: byIds('policyId'),
  }),
];
