import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type Probe, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { deleteOnce } from '../delete-once.ts';
import { change, WHOLE_ORG } from '../effects.ts';
import { appId } from '../ids.ts';
import { readBack, undetermined } from '../read-back.ts';

const appPath = ({ appId }: { readonly appId: string }) => path`/api/v1/apps/${appId}`;

const onApp = {
  input: z.strictObject({ appId }),
  output: z.object({}),
  resourceTypes: ['Okta::App'],
  resources: ({ appId }: { readonly appId: string }): readonly [ResourceRef] => [{ type: 'Okta::App', id: appId }],
} as const;

const probeInactive: Probe<{ readonly appId: string }> = async (input, context) => {
  const answer = await readBack({ path: appPath(input) }, context);
  const app = answer.ok ? z.object({ status: z.string() }).safeParse(answer.reply.body) : undefined;
  if (app?.success !== true) return undetermined(answer);
  return app.data.status === 'INACTIVE' ? { status: 'applied', result: {} } : { status: 'not-applied' };
};

const deactivateApp = writeOperation({
  ...onApp,
  name: 'okta.app.deactivate',
  description: 'Cuts everybody off from an application and reconciles its assignments.',
  effect: () => change('isolate', { reversible: 'no', count: WHOLE_ORG }),
  effectKinds: ['isolate'],
  repeat: {
    class: 'at-most-once',
    evidence: {
      mark: 'spec',
      source: 'POST /api/v1/apps/{appId}/lifecycle/deactivate: "Deactivates an active application"',
    },
  },
  execute: httpExecution({
    request: ({ appId }) => ({ method: 'POST', path: path`/api/v1/apps/${appId}/lifecycle/deactivate` }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: probeInactive,
  undo: { none: 'Activating it again does not bring back the assignments that the reconciliation has removed.' },
  evidence: [
    {
      mark: 'spec',
      source:
        'deactivateApplication: "triggers a full reconciliation of all users assigned to the app by groups. This reconcile process removes the app assignment"',
    },
  ],
});

const deleteApp = writeOperation({
  ...onApp,
  ...deleteOnce(appPath),
  name: 'okta.app.delete',
  description: 'Deletes an inactive application with its configuration, keys and assignments.',
  effect: () => change('delete', { reversible: 'no', count: WHOLE_ORG }),
  effectKinds: ['delete'],
  undo: { none: 'A deleted application must be set up again, with new keys on both sides.' },
  evidence: [{ mark: 'spec', source: 'DELETE /api/v1/apps/{appId}: "Deletes an inactive application"' }],
});

export const appOperations = [deactivateApp, deleteApp] as const;
