import { afterEach, beforeEach, expect, test } from 'vitest';
import { saying } from '../../../connectors/slack/effects.ts';
import slack from '../../../connectors/slack/index.ts';
import { SEED } from '../../../connectors/slack/simulator/seed.ts';
import type { ExecutionContext, Simulator } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

let simulator: Simulator;
let registry: Registry;

beforeEach(async () => {
  if (slack.simulate === undefined) throw new Error('there is no simulator');
  simulator = await slack.simulate({ port: 0 });
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  registry = await Registry.connect([{ system: 'slack', connector: slack, settings: simulator.settings }], environment);
});
afterEach(async () => {
  await registry.close();
  await simulator.close();
});

const contextOf = (name: string, action: string): ExecutionContext =>
  registry.operation(name).context(action, AbortSignal.timeout(10_000));

function run(name: string, input: JsonObject, action = 'il-1') {
  const { definition } = registry.operation(name);
  return definition.execute(definition.input.parse(input), contextOf(name, action));
}

async function probe(name: string, input: JsonObject, action = 'il-1') {
  const { definition } = registry.operation(name);
  if (definition.kind === 'read' || definition.probe === undefined) throw new Error('it has no read-back');
  return definition.probe(definition.input.parse(input), contextOf(name, action));
}

const said = { channel: SEED.general, text: 'The same words.' };

test('a post whose answer is lost is found by its own mark, and not by the same words of another', async () => {
  await run('slack.message.post', said, 'il-other');
  expect(await probe('slack.message.post', said)).toEqual({ status: 'not-applied' });
  simulator.fail({ when: 'after', answer: 'reset' });
  expect(await run('slack.message.post', said)).toMatchObject({ status: 'unknown' });
  expect(await probe('slack.message.post', said)).toMatchObject({
    status: 'applied',
    result: { channel: SEED.general },
  });
  expect(simulator.audit().map(({ effect }) => effect)).toEqual(['message.post', 'message.post']);
});

test('what was done already is no failure', async () => {
  expect(await run('slack.channel.archive', { channel: SEED.closed })).toMatchObject({ status: 'succeeded' });
  const kick = { channel: SEED.general, user: SEED.mallory };
  expect(await run('slack.channel.kick', kick)).toMatchObject({ status: 'succeeded' });
  expect(simulator.audit()).toEqual([]);
});

test('a refusal inside a 200 is one', async () => {
  expect(await run('slack.message.post', { ...said, channel: SEED.closed })).toMatchObject({
    status: 'failed',
    code: 'EXECUTION_FAILED',
    detail: 'is_archived',
  });
});

test('an agent names things by their ids alone', () => {
  const { input } = registry.operation('slack.message.post').definition;
  for (const channel of ['#general', 'general', '../chat.delete', '', 'U0ADA00001'])
    expect(input.safeParse({ ...said, channel }).success).toBe(false);
  expect(input.safeParse({ ...said, as_user: true }).success).toBe(false);
});

test.each([
  ['hello', 1],
  ['write to ada@here.example', 1],
  ['<!channel> hello', 1_000_000],
  ['hello @here', 1_000_000],
  ['(@Everyone)', 1_000_000],
  ['<!subteam^S123|team>', 1_000_000],
])('%j reaches %d', (text, count) => {
  expect(saying(text)).toMatchObject({ count, external: true });
});
