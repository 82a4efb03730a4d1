import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type AnyOperation, readOperation } from '../../../src/connector/contract.ts';
import { doc, sdk } from '../evidence.ts';
import { objectName } from '../fields.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import type { OperationsFor } from '../operations-for.ts';
import { objectRef, orgRef } from '../resources.ts';

const limit = z.object({ Max: z.number(), Remaining: z.number() });
const describeInput = z.strictObject({ object: objectName });

export function orgOperations({ org }: OperationsFor): readonly AnyOperation[] {
  return [
    readOperation({
      name: 'salesforce.limits.get',
      description: 'Reads what is left of the quotas of the org, the daily API requests among them.',
      input: z.strictObject({}),
      output: z.record(z.string(), limit),
      resourceTypes: ['Salesforce::Org'],
      resources: (): [ResourceRef] => [orgRef()],
      provenance: { returns: { default: 'system' } },
      execute: jsforceExecution(org, { run: (connection) => connection.request('/limits') }),
      evidence: [doc('REST guide v67.0, Limits: GET /limits')],
    }),
    readOperation({
      name: 'salesforce.object.describe',
      description: 'Reads which fields an object has, and what may be done with them.',
      input: describeInput,
      output: z.object({
        name: z.string(),
        label: z.string(),
        custom: z.boolean(),
        fields: z.array(
          z.object({ name: z.string(), label: z.string(), type: z.string(), updateable: z.boolean().optional() }),
        ),
      }),
      resourceTypes: ['Salesforce::SObject'],
      resources: ({ object }): [ResourceRef] => [objectRef(object)],
      provenance: { returns: { default: 'system' } },
      execute: jsforceExecution<z.output<typeof describeInput>>(org, {
        run: (connection, { object }) => connection.describe(object),
      }),
      evidence: [sdk('describe: GET /sobjects/{object}/describe')],
    }),
  ];
}
