// Makes one call over SOAP and one over REST on a simulated org, and says nothing itself.

import salesforce from '../../../connectors/salesforce/index.ts';
import { SEED } from '../../../connectors/salesforce/simulator/seed.ts';
import { simulateOrg } from '../../../connectors/salesforce/simulator/simulate-salesforce.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';

const simulator = await simulateOrg({ port: 0 });
const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
const registry = await Registry.connect(
  [{ system: 'salesforce', connector: salesforce, settings: simulator.settings }],
  environment,
);
for (const operation of ['salesforce.record.undelete', 'salesforce.record.delete']) {
  const { definition, context } = registry.operation(operation);
  const input = definition.input.parse({ object: 'Contact', id: SEED.deleted.contact });
  const result = await definition.execute(input, context('act-1', AbortSignal.timeout(5_000)));
  if (result.status !== 'succeeded') throw new Error(JSON.stringify(result));
}
await registry.close();
await simulator.close();
