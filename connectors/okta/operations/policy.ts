import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { deleteOnce } from '../delete-once.ts';
import { change, WHOLE_ORG } from '../effects.ts';
import { policyId } from '../ids.ts';

const policyPath = ({ policyId }: { readonly policyId: string }) => path`/api/v1/policies/${policyId}`;

const deletePolicy = writeOperation({
  ...deleteOnce(policyPath),
  name: 'okta.policy.delete',
  description:
    'Deletes a sign-on, password or access policy with its rules: what it demanded of everybody it covered is not demanded any more.',
  input: z.strictObject({ policyId }),
  resourceTypes: ['Okta::Policy'],
  resources: ({ policyId }) => [{ type: 'Okta::Policy', id: policyId }],
  effect: () => change('delete', { reversible: 'no', count: WHOLE_ORG }),
  effectKinds: ['delete'],
  undo: { none: 'Okta keeps no copy; a new policy has another id, and its rules and mappings must be written again.' },
  evidence: [{ mark: 'spec', source: 'DELETE /api/v1/policies/{policyId} (deletePolicy)' }],
});

export const policyOperations = [deletePolicy] as const;
