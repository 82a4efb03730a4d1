import { defineConnector, headerAuthentication, secretReference, z } from '../../../connector/index.ts';
import { failureOf } from './failure-of.ts';
import { operations } from './operations.ts';
import { simulate } from './simulator.ts';

/** Tracker: what it is, and who would miss it. */
export default defineConnector({
  system: 'tracker',
  title: 'Tracker',
  settings: z.strictObject({
    /** `https://tracker.example.com`: no call ever leaves it. */
    origin: z.url(),
    /** In the configuration a reference, `env:TRACKER_TOKEN`; here its value. */
    token: secretReference(),
  }),
  connect: async ({ origin, token }, { clock }) => ({
    operations,
    resourceTypes: { 'Tracker::Ticket': {} },
    labels: ['untrusted'],
    http: {
      origin,
      authentication: headerAuthentication({ header: 'authorization', value: `Bearer ${token}` }),
      failureOf: failureOf(clock),
    },
  }),
  simulate,
});
