import { type AnyOperation, defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { authenticationOf } from './authentication-of.ts';
import { enrichersOf } from './enrichers.ts';
import { failureOf } from './failure-of.ts';
import { apexOperations } from './operations/apex.ts';
import { approvalOperations } from './operations/approval.ts';
import { bulkJobOperations } from './operations/bulk-job.ts';
import { collectionOperations } from './operations/collection.ts';
import { compositeOperation } from './operations/composite.ts';
import { emailOperations } from './operations/email.ts';
import { orgOperations } from './operations/org.ts';
import { permissionSetAssignmentOperations } from './operations/permission-set-assignment.ts';
import { recordReadOperations } from './operations/record-read.ts';
import { recordSoapOperations } from './operations/record-soap.ts';
import { recordWriteOperations } from './operations/record-write.ts';
import { userOperations } from './operations/user.ts';
import type { OperationsFor } from './operations-for.ts';
import { LABELS, RESOURCE_TYPES } from './resources.ts';
import { salesforceSettings } from './settings.ts';
import { simulateSalesforce } from './simulator/simulate-salesforce.ts';

function operationsOf(environment: OperationsFor): readonly AnyOperation[] {
  const single = [
    ...recordReadOperations(environment),
    ...recordWriteOperations(environment),
    ...permissionSetAssignmentOperations(environment),
  ];
  return [
    ...single,
    ...recordSoapOperations(environment),
    ...collectionOperations(environment),
    ...userOperations(environment),
    ...approvalOperations(environment),
    ...emailOperations(environment),
    ...apexOperations(environment),
    ...bulkJobOperations(environment),
    ...orgOperations(environment),
    compositeOperation(environment, single),
  ];
}

/** Salesforce: customers, cases and deals, and the people and code that may touch them. */
export default defineConnector({
  system: 'salesforce',
  title: 'Salesforce',
  settings: salesforceSettings,
  async connect(settings, { clock }) {
    const { origin, version, dataObjects, markerFields } = settings;
    const authentication = authenticationOf(settings, clock);
    const org = { origin: new URL(origin).origin, version, authentication };
    return {
      operations: operationsOf({ org, dataObjects, markerFields }),
      resourceTypes: RESOURCE_TYPES,
      labels: LABELS,
      enrichers: enrichersOf(version),
      http: { origin, authentication, failureOf },
      async check({ http, signal }) {
        const call = { method: 'GET', path: `/services/data/v${version}/limits` } as const;
        const answer = await http.send(call, { repeatable: true, reads: true, signal });
        if (answer.ok) return;
        throw new InterlockError(
          ['credential', 'refused'].includes(answer.class) ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE',
          answer.detail,
        );
      },
    };
  },
  simulate: simulateSalesforce,
});
