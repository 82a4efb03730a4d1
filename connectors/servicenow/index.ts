import { defineConnector, type ExecutionContext } from '../../src/connector/contract.ts';
import { basicAuthentication } from '../../src/connector/http/authentication/basic-authentication.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { approvalOperations } from './approval.ts';
import { catalogOperations } from './catalog.ts';
import { changeOperations } from './change.ts';
import { enrichers } from './enrichers.ts';
import { failureOf } from './failure.ts';
import { groupOperations } from './group.ts';
import { incidentOperations } from './incident.ts';
import { LABELS } from './labels.ts';
import { problemOperations } from './problem.ts';
import { recordOperations } from './record.ts';
import { RESOURCE_TYPES } from './resources.ts';
import { roleOperations } from './role.ts';
import { type Settings, settingsSchema } from './settings.ts';
import { simulateServiceNow } from './simulator/simulate.ts';
import { findRows } from './table-call.ts';
import { userOperations } from './user.ts';

export default defineConnector({
  system: 'servicenow',
  title: 'ServiceNow',
  settings: settingsSchema,
  connect: async (settings, { clock }) => ({
    operations: [
      ...incidentOperations,
      ...problemOperations,
      ...changeOperations,
      ...userOperations,
      ...roleOperations,
      ...groupOperations,
      ...approvalOperations,
      ...catalogOperations,
      ...recordOperations,
    ],
    resourceTypes: RESOURCE_TYPES,
    labels: LABELS,
    enrichers,
    http: { origin: settings.origin, authentication: authenticationOf(settings, clock), failureOf: failureOf(clock) },
    check,
  }),
  simulate: simulateServiceNow,
});

function authenticationOf({ origin, username, password, clientId, clientSecret }: Settings, clock: Clock) {
  if (username !== undefined && password !== undefined) return basicAuthentication({ username, password });
  if (clientId === undefined || clientSecret === undefined)
    throw new InterlockError('CONFIG_INVALID', 'ServiceNow needs a user or an OAuth client.');
  // [doc: client-credentials-grant-workflow]
  return clientCredentialsAuthentication({
    tokenUrl: new URL('/oauth_token.do', origin).href,
    clientId,
    clientSecret,
    style: 'form',
    clock,
  });
}

/** Reads as little as possible: whether a certain user exists, which no instance has. */
async function check(context: ExecutionContext): Promise<void> {
  const rows = await findRows(
    { table: 'sys_user', where: { user_name: 'interlock-check' }, columns: { user_name: 'text' } },
    context,
  );
  if (!rows.ok) throw new InterlockError(rows.refusal.code, rows.refusal.detail);
}
