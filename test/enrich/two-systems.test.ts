import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { rememberedPolicies } from '../support/remembered-policies.ts';
import { testClock } from '../support/test-clock.ts';
import { newDirectory, OPENER, PERMIT_ALL } from '../support/test-gateway.ts';
import { filesConnector, Sources } from './files-connector.ts';

const KNOWN = (scope: string) => `@id("known") @title("What Europe knows must be known.")
@unless("fact(filesEuSecrets, wait: 5s)") forbid(principal, ${scope}, resource is Files::File);`;
const SECRET = `@id("secret") @title("Nobody opens a file that holds secrets.")
forbid(principal, action, resource is Files::File)
when { context.facts has filesEuSecrets && context.facts.filesEuSecrets.value > 0 };`;

/** Two instances of one connector: the same types of records, and the same ids, of different records. */
async function twoStores(policies: string) {
  const clock = testClock();
  const directory = newDirectory();
  writeFileSync(join(directory, 'p.cedar'), `${PERMIT_ALL}\n${policies}`);
  const config = parseConfig({ data: 'data', policies: ['p.cedar'] }, { file: 'test', baseDirectory: directory });
  const stores = { files: new Sources(), 'files-eu': new Sources() };
  for (const store of Object.values(stores)) store.answer = async () => 1;
  const connectors = Object.entries(stores).map(([system, sources]) => {
    return { system, connector: filesConnector(sources), settings: {} };
  });
  const logger = createLogger('silent');
  const { interlock } = await startGateway({ config, connectors, clock, logger, policySets: rememberedPolicies });
  onTestFinished(() => interlock.close());
  const { id } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const { token } = await interlock.openSession(OPENER, id, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  const open = (system: string, action: string) =>
    interlock.run(caller, { operation: `${system}.file.open`, input: { id: 'a' }, id: action });
  const wait = (action: string) => interlock.action(caller, action, 5_000);
  return { clock, stores, open, wait };
}

test('a policy that reads a fact of one instance reads nothing of the record of the same id in another', async () => {
  const { stores, open, wait } = await twoStores(`${KNOWN('action in Action::"files-eu"')}\n${SECRET}`);
  expect(await open('files-eu', 'first')).toMatchObject({ decision: 'defer', waitingFor: ['filesEuSecrets'] });
  expect(await wait('first')).toMatchObject({ decision: 'deny', reasons: [{ policy: 'secret' }] });
  expect(await open('files', 'second')).toMatchObject({ decision: 'allow' });
  expect(stores.files.asked).toEqual([]);
});

test('a fact of one instance that must be known is not known of a record in another, and nobody asks for it', async () => {
  const { clock, stores, open, wait } = await twoStores(KNOWN('action'));
  await open('files-eu', 'first');
  expect(await wait('first')).toMatchObject({ decision: 'allow' });
  const asked = stores['files-eu'].asked.length;
  expect(await open('files', 'second')).toMatchObject({ decision: 'defer' });
  clock.advance(5_000);
  expect(await wait('second')).toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
  expect(stores['files-eu'].asked).toHaveLength(asked);
});
