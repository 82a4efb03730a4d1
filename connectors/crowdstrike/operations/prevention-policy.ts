import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change, FLEET } from '../effects.ts';
import { ONCE, sdk } from '../evidence.ts';
import { policyId } from '../ids.ts';
import { combined, foundOutput, OFFSET, searchInput } from '../lists.ts';
import { gone, settle } from '../read-back.ts';
import { refs } from '../resources.ts';

const POLICIES = '/policy/entities/prevention/v1';
const policy = z.object({
  id: z.string(),
  name: z.string().optional(),
  platform_name: z.string().optional(),
  enabled: z.boolean().optional(),
});
const readPolicy = ({ policyId }: { readonly policyId: string }) =>
  ({ method: 'GET', path: POLICIES, query: { ids: policyId } }) as const;

const listPolicies = readOperation({
  name: 'crowdstrike.prevention-policy.search',
  description: 'Searches prevention policies: what the sensors stop, and whether they do.',
  input: searchInput,
  output: foundOutput('policies', policy),
  resourceTypes: ['CrowdStrike::PreventionPolicy'],
  resources: () => refs('CrowdStrike::PreventionPolicy', []),
  labels: () => ['security'],
  touched: ({ policies }) => policies.map(({ id }) => ({ type: 'CrowdStrike::PreventionPolicy', id })),
  execute: combined('policies', '/policy/combined/prevention/v1', OFFSET),
  evidence: [sdk('GET /policy/combined/prevention/v1 (queryCombinedPreventionPolicies)')],
});

/** What every change of a policy has in common: the input does not say how many hosts are under it. */
const onPolicy = {
  input: z.strictObject({ policyId }),
  output: z.object({}),
  resourceTypes: ['CrowdStrike::PreventionPolicy'],
  resources: ({ policyId }: { readonly policyId: string }) => refs('CrowdStrike::PreventionPolicy', [policyId]),
  provenance: { arguments: { policyId: 'target' } },
  repeat: ONCE,
} as const;

function switchPolicy(action: 'enable' | 'disable') {
  const kind = action === 'disable' ? 'privilege' : 'update';
  return writeOperation({
    ...onPolicy,
    name: `crowdstrike.prevention-policy.${action}`,
    description:
      action === 'disable'
        ? 'Switches a prevention policy off: no host under it is protected by it any more.'
        : 'Switches a prevention policy on, for every host under it.',
    effect: () => change(kind, 'operation', { count: FLEET }),
    effectKinds: [kind],
    execute: httpExecution({
      request: ({ policyId }) => ({
        method: 'POST',
        path: '/policy/entities/prevention-actions/v1',
        query: { action_name: action },
        body: { ids: [policyId] },
      }),
      repeatable: false,
      result: () => ({}),
    }),
    probe: settle({
      call: readPolicy,
      item: policy,
      judge: ([found]) => {
        if (found?.enabled === undefined) return undefined;
        return found.enabled === (action === 'enable') ? 'applied' : 'not-applied';
      },
      result: () => ({}),
    }),
    undo: ({ policyId }) => ({
      operation: `crowdstrike.prevention-policy.${action === 'enable' ? 'disable' : 'enable'}`,
      input: { policyId },
    }),
    evidence: [sdk('POST /policy/entities/prevention-actions/v1?action_name=… (performPreventionPoliciesAction)')],
  });
}

const deletePolicy = writeOperation({
  ...onPolicy,
  name: 'crowdstrike.prevention-policy.delete',
  description: 'Deletes a prevention policy; the hosts under it fall back to the next one.',
  effect: () => change('delete', 'no', { count: FLEET }),
  effectKinds: ['delete'],
  execute: httpExecution({
    request: ({ policyId }) => ({ method: 'DELETE', path: POLICIES, query: { ids: policyId } }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: settle({ call: readPolicy, item: policy, judge: gone, result: () => ({}) }),
  undo: { none: 'Settings and groups of a deleted policy are lost.' },
  evidence: [sdk('DELETE /policy/entities/prevention/v1 (deletePreventionPolicies)')],
});

export const preventionPolicyOperations = [
  listPolicies,
  switchPolicy('enable'),
  switchPolicy('disable'),
  deletePolicy,
] as const;
