import { afterEach, beforeEach, expect, test } from 'vitest';
import github from '../../../connectors/github/index.ts';
import { SEED } from '../../../connectors/github/simulator/seed.ts';
import type { ExecutionContext, Simulator } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

let simulator: Simulator;
let registry: Registry;

beforeEach(async () => {
  if (github.simulate === undefined) throw new Error('there is no simulator');
  simulator = await github.simulate({ port: 0 });
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  const instance = { system: 'github', connector: github, settings: simulator.settings };
  registry = await Registry.connect([instance], environment);
});
afterEach(async () => {
  await registry.close();
  await simulator.close();
});

const contextOf = (name: string): ExecutionContext =>
  registry.operation(name).context('il-1', AbortSignal.timeout(10_000));

function run(name: string, input: JsonObject) {
  const { definition } = registry.operation(name);
  return definition.execute(definition.input.parse(input), contextOf(name));
}

async function probe(name: string, input: JsonObject) {
  const { definition } = registry.operation(name);
  if (definition.kind === 'read' || definition.probe === undefined) throw new Error('it has no read-back');
  return definition.probe(definition.input.parse(input), contextOf(name));
}

const at = { owner: SEED.owner, repo: SEED.repo };
const effects = () => simulator.audit().map(({ effect }) => effect);

test('a deleted repository that is not found is not known to be gone, and one that is there is not deleted', async () => {
  expect(await probe('github.repository.delete', at)).toEqual({ status: 'not-applied' });
  simulator.fail({ when: 'after', answer: 'reset' });
  expect(await run('github.repository.delete', at)).toMatchObject({ status: 'unknown' });
  expect(await probe('github.repository.delete', at)).toMatchObject({ status: 'undetermined' });
  expect(effects()).toEqual(['repository.delete']);
});

test('a removal in a repository that the token administers is settled by reading', async () => {
  const member = { ...at, username: SEED.member };
  simulator.fail({ when: 'after', answer: 'reset' });
  expect(await run('github.collaborator.remove', member)).toMatchObject({ status: 'unknown' });
  expect(await probe('github.collaborator.remove', member)).toMatchObject({ status: 'applied' });
  expect(effects()).toEqual(['collaborator.remove']);
});

test('a merge of another commit than was decided is refused', async () => {
  const merge = { ...at, pull_number: SEED.pull, sha: SEED.main };
  expect(await run('github.pull.merge', merge)).toMatchObject({ status: 'failed' });
  expect(effects()).toEqual([]);
  expect(await run('github.pull.merge', { ...merge, sha: SEED.feature })).toMatchObject({ status: 'succeeded' });
});

test.each(['../secrets', 'a/../../x', '/etc', 'a//b', 'a/.', 'a/', 'a?ref=x', 'a#b', '%2e%2e/x', ''])(
  '%j is no path inside a repository',
  (path) => {
    expect(registry.operation('github.file.get').definition.input.safeParse({ ...at, path }).success).toBe(false);
  },
);

test.each(['a..b', '../x', 'x.lock', 'a//b', '@{-1}', 'a b', '-x', 'x/'])('%j is no branch', (branch) => {
  const { input } = registry.operation('github.branch.delete').definition;
  expect(input.safeParse({ ...at, branch }).success).toBe(false);
});
