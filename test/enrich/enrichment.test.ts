import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FactValue } from '../../src/action/fact.ts';
import type { Interlock } from '../../src/gate/interlock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { refuseDifferences } from '../support/refuse-differences.ts';
import { rememberedPolicies } from '../support/remembered-policies.ts';
import { testClock } from '../support/test-clock.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL } from '../support/test-gateway.ts';
import { filesConnector, Sources } from './files-connector.ts';

const ADMIN = operator('root', ['administer']);
const MINUTE_MS = 60_000;

async function world(
  policies: string,
  { clock, directory = newDirectory() }: { clock?: Clock; directory?: string } = {},
) {
  const sources = new Sources();
  writeFileSync(join(directory, 'p.cedar'), `${PERMIT_ALL}\n${policies}`);
  const config = parseConfig(
    { data: 'data', policies: ['p.cedar'], judge: { share: 1 } },
    { file: 'test', baseDirectory: directory },
  );
  const connectors = [{ system: 'files', connector: filesConnector(sources), settings: {} }];
  const logger = createLogger('silent');
  const gateway = await startGateway({ config, connectors, clock, logger, policySets: rememberedPolicies });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= refuseDifferences(gateway).then(() => gateway.interlock.close());
    return closing;
  };
  onTestFinished(close);
  const { interlock } = gateway;
  return { sources, interlock, close, agent: (user?: string) => agentOf(interlock, user) };
}

async function agentOf(interlock: Interlock, user = 'ada', opener = OPENER) {
  const { id } = await interlock.open(opener, { onBehalfOf: { id: user } });
  const { token } = await interlock.openSession(opener, id, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  const open = (file: string, action?: string) =>
    interlock.run(caller, {
      operation: 'files.file.open',
      input: { id: file },
      ...(action === undefined ? {} : { id: action }),
    });
  return { id, caller, open, wait: (action: string) => interlock.action(caller, action, 5_000) };
}

const RISK = (wait: string) => `@id("known") @title("Who asks must be known.") @unless("fact(filesUserRisk, ${wait})")
forbid(principal, action, resource);
@id("risky") @title("Nobody at risk opens files.")
forbid(principal, action, resource) when { context.facts has filesUserRisk && context.facts.filesUserRisk.value == "high" };`;

describe('a fact that a policy waits for', () => {
  test('lets the action go on by itself once it is there', async () => {
    const { sources, agent } = await world(RISK('wait: 5s'));
    const { promise, resolve } = Promise.withResolvers<FactValue>();
    sources.answer = () => promise;
    const { open, wait } = await agent();
    expect(await open('a', 'first')).toMatchObject({ decision: 'defer', waitingFor: ['filesUserRisk'] });
    resolve('low');
    expect(await wait('first')).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    expect(await open('b')).toMatchObject({ decision: 'allow' });
    expect(new Set(sources.asked)).toEqual(new Set(['userRisk ada']));
  });

  test('is looked up again by a gateway that starts after the one that was asked has ended', async () => {
    const directory = newDirectory();
    const clock = testClock();
    const first = await world(RISK('wait: 30m'), { directory, clock });
    first.sources.answer = () => new Promise(() => undefined);
    const { open, caller } = await first.agent();
    expect(await open('a', 'first')).toMatchObject({ decision: 'defer', waitingFor: ['filesUserRisk'] });
    await first.close();
    const { interlock, sources } = await world(RISK('wait: 30m'), { directory, clock });
    expect(await interlock.action(caller, 'first', 5_000)).toMatchObject({ decision: 'allow' });
    expect(sources.asked).toEqual(['userRisk ada']);
  });

  test('is judged for what it says', async () => {
    const { sources, agent } = await world(RISK('wait: 5s'));
    sources.answer = async () => 'high';
    const { open, wait } = await agent();
    await open('a', 'first');
    expect(await wait('first')).toMatchObject({ decision: 'deny', reasons: [{ policy: 'risky' }] });
  });

  test.each([
    { title: 'the system knows nothing of the subject', answer: async () => undefined },
    { title: 'the look-up fails for good', answer: () => Promise.reject(new InterlockError('CREDENTIAL_REFUSED')) },
    { title: 'the answer is of another type', answer: async () => 7 },
    { title: 'the answer is too large', answer: async () => 'x'.repeat(5_000) },
    { title: 'nothing is answered', answer: () => new Promise<never>(() => undefined) },
  ])('is missing where $title, and at its deadline the action is denied', async ({ answer }) => {
    const clock = testClock();
    const { sources, agent } = await world(RISK('wait: 5s'), { clock });
    sources.answer = answer;
    const { open, wait } = await agent();
    expect(await open('a', 'first')).toMatchObject({ decision: 'defer' });
    clock.advance(5_000);
    expect(await wait('first')).toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
    clock.advance(MINUTE_MS);
  });

  test('is looked up again where the known one is too old', async () => {
    const clock = testClock();
    const { sources, agent } = await world(RISK('maxAge: 1m, wait: 5s'), { clock });
    const { open, wait } = await agent();
    await open('a', 'first');
    await wait('first');
    const before = sources.asked.length;
    clock.advance(MINUTE_MS + 1);
    expect(await open('b', 'second')).toMatchObject({ decision: 'defer' });
    expect(await wait('second')).toMatchObject({ decision: 'allow' });
    expect(sources.asked.length).toBeGreaterThan(before);
  });

  test('without a time to wait is there or denies', async () => {
    const { sources, agent } = await world(RISK('maxAge: 1m'));
    const { promise } = Promise.withResolvers<FactValue>();
    sources.answer = () => promise;
    const { open } = await agent();
    expect(await open('a')).toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
  });
});

test('what fails for a while is tried again', async () => {
  const clock = testClock();
  const { sources, agent } = await world(RISK('wait: 20s'), { clock });
  const failed = Promise.withResolvers<void>();
  sources.answer = async () => {
    if (sources.asked.length > 1) return 'low';
    failed.resolve();
    throw new InterlockError('SYSTEM_UNAVAILABLE');
  };
  const { open, wait } = await agent();
  const held = open('a', 'first');
  await failed.promise;
  await held;
  // The pause begins once the failure was seen, which is a few turns later.
  while (sources.asked.length < 2) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await wait('first')).toMatchObject({ decision: 'allow' });
});

test('nothing is looked up for which no policy in force asks', async () => {
  const { sources, agent } = await world(RISK('wait: 5s'));
  const { open, wait } = await agent();
  await open('a', 'first');
  await wait('first');
  expect(sources.asked.filter((asked) => asked.startsWith('secrets'))).toEqual([]);
  const none = await world('');
  const other = await none.agent();
  expect(await other.open('a')).toMatchObject({ decision: 'allow' });
  expect(none.sources.asked).toEqual([]);
});

test('a fact about what is touched is of that record alone', async () => {
  const policies = `@id("counted") @title("Files are looked at first.") @unless("fact(filesSecrets, wait: 5s)")
forbid(principal, action == Action::"files.file.open", resource);
@id("secret") @title("No secrets.")
forbid(principal, action == Action::"files.file.open", resource)
when { context.facts has filesSecrets && context.facts.filesSecrets.value > 0 };`;
  const { sources, agent } = await world(policies);
  sources.answer = async (_, { id }) => (id === 'keys' ? 3 : 0);
  const { open, wait } = await agent();
  await open('keys', 'k');
  await open('notes', 'n');
  expect(await wait('k')).toMatchObject({ decision: 'deny', reasons: [{ policy: 'secret' }] });
  expect(await wait('n')).toMatchObject({ decision: 'allow' });
});

test('one look-up serves the workflows of a tenant, and no other tenant', async () => {
  const { sources, interlock, agent } = await world(RISK('wait: 5s'));
  const first = await agent();
  await first.open('a', 'first');
  await first.wait('first');
  const before = sources.asked.length;
  const second = await agent();
  await second.open('a', 'second');
  await second.wait('second');
  const elsewhere = { ...OPENER, tenant: 'globex' };
  const third = await agentOf(interlock, 'ada', elsewhere);
  const asked = sources.asked.length;
  await third.open('a', 'third');
  expect(await third.wait('third')).toMatchObject({ decision: 'allow' });
  expect(sources.asked.length).toBeGreaterThan(before === asked ? asked : before);
  const events = await interlock.workflow(ADMIN, first.id);
  expect(events).toMatchObject({ open: 0, held: 0 });
});

test('a workflow that is loaded again still knows', async () => {
  const directory = newDirectory();
  const one = await world(RISK('wait: 5s'), { directory });
  const { open, wait, id } = await one.agent();
  await open('a', 'first');
  await wait('first');
  await one.interlock.close();
  const two = await world(RISK('maxAge: 5m'), { directory });
  const { token } = await two.interlock.openSession(OPENER, id, { agent: 'again' });
  const caller = await two.interlock.authenticate(token);
  const call = { operation: 'files.file.open', input: { id: 'b' } };
  expect(await two.interlock.run(caller, call)).toMatchObject({ decision: 'allow' });
});
