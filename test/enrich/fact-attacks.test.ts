import { expect, onTestFinished, test } from 'vitest';
import type { FactValue } from '../../src/action/fact.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { signalWorld } from '../gate/signals-world.ts';
import { testClock } from '../support/test-clock.ts';
import { operator } from '../support/test-gateway.ts';
import { filesConnector, Sources } from './files-connector.ts';

const FINANCE = operator('fred', ['approve'], ['finance']);
const MINUTE_MS = 60_000;

async function files(policies: string, clock?: Clock) {
  const sources = new Sources();
  const connector = () => {
    const known = filesConnector(sources);
    return {
      ...known,
      connect: async (...args: Parameters<typeof known.connect>) => {
        const connected = await known.connect(...args);
        const groups = sources.enricher('userGroups', 'user', { setOf: 'String' });
        return { ...connected, enrichers: [...(connected.enrichers ?? []), groups] };
      },
    };
  };
  const world = await signalWorld({ policies, signals: '{}', connector, ...(clock === undefined ? {} : { clock }) });
  return { ...world, sources };
}

const KNOWN = (fact: string, wait = 'wait: 5s') =>
  `@id("known") @title("It must be known.") @unless("fact(${fact}, ${wait})") forbid(principal, action, resource);`;

test('a look-up that throws at once is a look-up that failed, and ends nothing else', async () => {
  const clock = testClock();
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const { sources, actor, interlock } = await files(KNOWN('deskUserRisk'), clock);
  sources.answer = () => {
    throw new TypeError('no such field');
  };
  const { run, caller } = await actor();
  expect(await run('file.open', { id: 'a' }, 'first')).toMatchObject({ decision: 'defer' });
  clock.advance(BOUNDS.enrichmentMs);
  expect(await interlock.action(caller, 'first', 5_000)).toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

test.each([
  { title: 'numbers', value: [7] },
  { title: 'objects', value: [{ secret: 'x' }] },
  { title: 'nothing', value: [null] },
])('a set of texts that holds $title is not known', async ({ value }) => {
  const clock = testClock();
  const { sources, actor, interlock } = await files(KNOWN('deskUserGroups'), clock);
  // What no type checker saw, as a system answers it.
  sources.answer = async () => value as unknown as FactValue;
  const { run, caller } = await actor();
  expect(await run('file.open', { id: 'a' }, 'first')).toMatchObject({ decision: 'defer' });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(await interlock.action(caller, 'first')).toMatchObject({ decision: 'defer' });
  clock.advance(5_000);
  expect(await interlock.action(caller, 'first', 5_000)).toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
});

test('what a connector does later to a value that it gave changes no decision', async () => {
  const policies = `${KNOWN('deskUserGroups')}
@id("staff") @title("Staff only.") forbid(principal, action, resource)
unless { context.facts has deskUserGroups && context.facts.deskUserGroups.value.contains("staff") };`;
  const { sources, actor, interlock } = await files(policies);
  const groups = ['guests'];
  sources.answer = async () => groups;
  const { run, caller } = await actor();
  await run('file.open', { id: 'a' }, 'first');
  expect(await interlock.action(caller, 'first', 5_000)).toMatchObject({ decision: 'deny' });
  groups.push('staff');
  expect(await run('file.open', { id: 'b' })).toMatchObject({ decision: 'deny' });
});

test('a fact that grew old while a human thought is looked up again, and what it says then decides', async () => {
  const clock = testClock();
  const policies = `${KNOWN('deskUserRisk', 'maxAge: 1m, wait: 5s')}
@id("ask") @title("Finance approves.") @unless("approval(finance)") forbid(principal, action, resource);
@id("risky") @title("Nobody at risk.") forbid(principal, action, resource)
when { context.facts has deskUserRisk && context.facts.deskUserRisk.value == "high" };`;
  const { sources, actor, interlock } = await files(policies, clock);
  const { run, caller } = await actor();
  const settle = async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  for (const [id, now, expected] of [
    ['calm', 'low', { decision: 'allow' }],
    ['hasty', 'high', { decision: 'deny', reasons: [{ policy: 'risky' }] }],
  ] as const) {
    sources.answer = async () => 'low';
    await run('file.open', { id: 'a' }, id);
    await settle();
    const held = await interlock.action(caller, id);
    expect(held).toMatchObject({ decision: 'step_up' });
    clock.advance(10 * MINUTE_MS);
    sources.answer = async () => now;
    await interlock.answerApproval(FINANCE, held.approval?.ids[0] ?? '', { answer: 'approve', reason: 'fine' });
    await settle();
    expect(await interlock.action(caller, id, 5_000)).toMatchObject(expected);
  }
});

test.each(['*', '../admin', "'; drop table", 'a|b', '["x"]', '__proto__', 'ada\n', ' ', 'É', 'x'.repeat(200)])(
  'what is known of one record is known of no other, whatever it is called: %j',
  async (odd) => {
    const policies = `${KNOWN('deskSecrets')}
@id("secret") @title("No secrets.") forbid(principal, action, resource)
when { context.facts has deskSecrets && context.facts.deskSecrets.value > 0 };`;
    const { sources, actor, interlock } = await files(policies);
    sources.answer = async (_, { id }) => (id === odd ? 0 : 1);
    const { run, caller } = await actor();
    await run('file.open', { id: odd }, 'odd');
    expect(await interlock.action(caller, 'odd', 5_000)).toMatchObject({ decision: 'allow' });
    await run('file.open', { id: 'plain' }, 'plain');
    expect(await interlock.action(caller, 'plain', 5_000)).toMatchObject({ reasons: [{ policy: 'secret' }] });
  },
);
