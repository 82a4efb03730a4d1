import { z } from 'zod';
import { WORST_EFFECT } from '../../../src/action/effect.ts';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type AnyOperation, writeOperation } from '../../../src/connector/contract.ts';
import { NO_KEY, sdk } from '../evidence.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import type { OperationsFor } from '../operations-for.ts';
import { orgRef } from '../resources.ts';

/** The code goes into a URL; longer ones are cut on the way by some servers. */
const LONGEST_CODE = 8_000;

const input = z.strictObject({ code: z.string().min(1).max(LONGEST_CODE) });

/** It cannot be told what any code does, so it counts as the worst possible, however short it is. */
export function apexOperations({ org }: OperationsFor): readonly AnyOperation[] {
  return [
    writeOperation({
      name: 'salesforce.apex.execute-anonymous',
      description: 'Runs any Apex code with the rights of the connected app: it can read, change, delete and send all.',
      input,
      output: z.object({
        success: z.boolean(),
        exceptionMessage: z.string().nullish(),
        line: z.int().optional(),
      }),
      resourceTypes: ['Salesforce::Org'],
      resources: (): [ResourceRef] => [orgRef()],
      labels: () => ['crm', 'pii', 'security', 'untrusted'],
      provenance: { arguments: { code: 'content' }, returns: { default: 'others' } },
      effectKinds: ['execute'],
      effect: () => WORST_EFFECT,
      repeat: NO_KEY,
      execute: jsforceExecution<z.output<typeof input>>(org, {
        // The vendor made it a GET; it must never be repeated, nor taken for a read.
        classOf: () => 'once',
        run: (connection, { code }) =>
          connection.request(`/tooling/executeAnonymous?anonymousBody=${encodeURIComponent(code)}`),
      }),
      undo: { none: 'What code has done nobody knows.' },
      evidence: [sdk('tooling.executeAnonymous: GET /tooling/executeAnonymous?anonymousBody=')],
    }),
  ];
}
