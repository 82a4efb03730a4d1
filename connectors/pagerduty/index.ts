import {
  defineConnector,
  headerAuthentication,
  InterlockError,
  secretReference,
  z,
} from '../../src/connector/index.ts';
import { enrichers } from './enrichers.ts';
import { failureOf } from './failure-of.ts';
import { dutyOperations } from './operations/duty.ts';
import { incidentOperations } from './operations/incidents.ts';
import { maintenanceOperations } from './operations/maintenance.ts';
import { mergeIncidents } from './operations/merge.ts';
import { noteOperations } from './operations/notes.ts';
import { listOnCalls } from './operations/on-call.ts';
import { overrideOperations } from './operations/overrides.ts';
import { serviceOperations } from './operations/services.ts';
import { userOperations } from './operations/users.ts';
import { simulate } from './simulator.ts';
import { read } from './vendor.ts';

/** PagerDuty: who is called at night, for what, and who is not. */
export default defineConnector({
  system: 'pagerduty',
  title: 'PagerDuty',
  settings: z.strictObject({
    /** `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com`: no call ever leaves it. */
    origin: z.url(),
    /** An API key, of the account or of a user. In the configuration a reference, `env:PAGERDUTY_TOKEN`. */
    token: secretReference(),
    /** The address of the user in whose name changes are made. */
    from: z.email(),
    /** The organisation's own domains: an invitation to any other leaves it. */
    domains: z.array(z.string().toLowerCase()).default([]),
  }),
  connect: async ({ origin, token, ...identity }, { clock }) => ({
    operations: [
      ...incidentOperations(identity),
      mergeIncidents(identity),
      ...dutyOperations(identity),
      ...noteOperations(identity),
      listOnCalls,
      ...overrideOperations(identity),
      ...maintenanceOperations(identity),
      ...serviceOperations(identity),
      ...userOperations(identity),
    ],
    resourceTypes: {
      'PagerDuty::Incident': {},
      'PagerDuty::Service': {},
      'PagerDuty::Schedule': {},
      'PagerDuty::User': {},
      'PagerDuty::MaintenanceWindow': {},
      'PagerDuty::EscalationPolicy': {},
    },
    labels: ['untrusted', 'pii'],
    enrichers,
    http: {
      origin,
      authentication: headerAuthentication({ header: 'authorization', value: `Token token=${token}` }),
      failureOf: failureOf(clock),
    },
    check: async ({ http, signal }) => {
      const answer = await http.send(read('/users', { limit: 1 }), { repeatable: true, reads: true, signal });
      if (!answer.ok) throw new InterlockError('CREDENTIAL_REFUSED', answer.detail);
    },
  }),
  simulate,
});
