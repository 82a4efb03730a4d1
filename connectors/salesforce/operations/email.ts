import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type AnyOperation, writeOperation } from '../../../src/connector/contract.ts';
import { doc, NO_KEY } from '../evidence.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import type { OperationsFor } from '../operations-for.ts';
import { orgRef } from '../resources.ts';

/** [doc] Five addresses at most by the older inputs, which every supported version has. */
const MOST_RECIPIENTS = 5;

const input = z.strictObject({
  to: z.array(z.email()).min(1).max(MOST_RECIPIENTS),
  subject: z.string().min(1).max(255),
  body: z.string().min(1).max(32_000),
});

function domainsOf(to: readonly string[]): string[] {
  return [...new Set(to.map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()))];
}

export function emailOperations({ org }: OperationsFor): readonly AnyOperation[] {
  return [
    writeOperation({
      name: 'salesforce.email.send',
      description: 'Sends an e-mail in the name of the org to up to five addresses, inside or outside.',
      input,
      output: z.object({}),
      facets: {
        schema: z.object({ recipients: z.array(z.string()), domains: z.array(z.string()) }),
        of: ({ to }) => ({ recipients: to.map((address) => address.toLowerCase()), domains: domainsOf(to) }),
      },
      resourceTypes: ['Salesforce::Org'],
      resources: (): [ResourceRef] => [orgRef()],
      provenance: { arguments: { to: 'destination', subject: 'content', body: 'content' } },
      effectKinds: ['communicate'],
      effect: ({ to }) => ({
        kind: 'communicate',
        reversible: 'no',
        external: true,
        privileged: false,
        count: to.length,
      }),
      repeat: NO_KEY,
      execute: jsforceExecution<z.output<typeof input>>(org, {
        run: (connection, { to, subject, body }) =>
          connection.requestPost('/actions/standard/emailSimple', {
            inputs: [{ emailAddresses: to.join(','), emailSubject: subject, emailBody: body }],
          }),
        result: () => ({}),
      }),
      undo: { none: 'What was sent was sent.' },
      evidence: [
        doc('Actions guide, Simple Email: POST /actions/standard/emailSimple, emailAddresses, emailSubject, emailBody'),
      ],
    }),
  ];
}
