import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import fixtures from '../../../connectors/jira/conformance.ts';
import { documentOf, textOf } from '../../../connectors/jira/document.ts';
import jira from '../../../connectors/jira/index.ts';
import { jqlOf } from '../../../connectors/jira/jql.ts';
import { SEED } from '../../../connectors/jira/simulator/seed.ts';
import type { ExecutionContext, Simulator } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

let simulator: Simulator;
let registry: Registry;

beforeEach(async () => {
  if (jira.simulate === undefined) throw new Error('there is no simulator');
  simulator = await jira.simulate({ port: 0 });
  const environment = { clock: systemClock, baseDirectory: '.', log: () => undefined };
  registry = await Registry.connect([{ system: 'jira', connector: jira, settings: simulator.settings }], environment);
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

const effects = () => simulator.audit().map(({ effect }) => effect);
const bug = { project: SEED.project, type: 'Bug', summary: 'The same words' };

test('an issue whose answer is lost is found by its own mark, and not by the same words of another', async () => {
  await run('jira.issue.create', bug, 'il-other');
  expect(await probe('jira.issue.create', bug)).toMatchObject({ status: 'undetermined' });
  simulator.fail({ when: 'after', answer: 'reset' });
  expect(await run('jira.issue.create', bug)).toMatchObject({ status: 'unknown' });
  expect(await probe('jira.issue.create', bug)).toMatchObject({ status: 'applied', result: { key: 'BILL-14' } });
  expect(effects()).toEqual(['issue.create', 'issue.create']);
});

test('a transition that leads elsewhere than was decided is not made', async () => {
  const move = { issue: SEED.issue, transition: '31' };
  expect(await run('jira.issue.transition', { ...move, to: 'In Review' })).toMatchObject({ status: 'failed' });
  expect(await run('jira.issue.transition', { issue: SEED.issue, transition: '41', to: 'Done' })).toMatchObject({
    status: 'failed',
  });
  expect(effects()).toEqual([]);
  expect(await run('jira.issue.transition', { ...move, to: 'Done' })).toMatchObject({ status: 'succeeded' });
  expect(effects()).toEqual(['issue.transition']);
});

test('what is not found does not count as deleted', async () => {
  simulator.fail({ when: 'after', answer: 'reset' });
  expect(await run('jira.issue.delete', { issue: SEED.issue })).toMatchObject({ status: 'unknown' });
  expect(await probe('jira.issue.delete', { issue: SEED.issue })).toMatchObject({ status: 'undetermined' });
  expect(await probe('jira.issue.delete', { issue: SEED.other })).toEqual({ status: 'not-applied' });
});

test.each([
  [
    { project: 'BILL', text: '" OR project = "HR' },
    'project = "BILL" AND text ~ "\\" OR project = \\"HR" ORDER BY created DESC',
  ],
  [{ project: 'BILL', status: '\\" OR 1' }, 'project = "BILL" AND status = "\\\\\\" OR 1" ORDER BY created DESC'],
])('no value of %j becomes a part of the query', (search, jql) => {
  expect(jqlOf(search)).toBe(jql);
});

test.each(['bill-1', 'BILL-0', 'BILL-1/transitions', '../project/BILL', 'BILL-1?x=1', '10001', ''])(
  '%j is no issue',
  (issue) => {
    expect(registry.operation('jira.issue.get').definition.input.safeParse({ issue }).success).toBe(false);
  },
);

test('text goes out without markup and comes back as it was', () => {
  const text = 'One\n[two|https://x.example]\n\n*three*';
  expect(textOf(documentOf(text)).trim()).toBe(text);
});

const DESCRIPTION = join(import.meta.dirname, '../../../../shared/specs/jira/ops-slice.json');

interface Described {
  readonly method: string;
  readonly path: string;
  readonly params: readonly string[];
  readonly bodyProps?: readonly string[] | null;
}

test('what the published description has is sent as it says: method, path, query and fields', async () => {
  if (!existsSync(DESCRIPTION)) {
    console.log('without the published description: nothing to compare with');
    return;
  }
  const described: readonly Described[] = JSON.parse(readFileSync(DESCRIPTION, 'utf8'));
  const matched = new Set<string>();
  const findings: string[] = [];
  for (const { operation, input } of fixtures.samples) {
    const { definition } = registry.operation(operation);
    const bound = contextOf(operation, 'il-1');
    const http: typeof bound.http = {
      send: (call, options) => {
        // Keys and numbers are variables; words as `archive` are not.
        const fits = ({ method, path }: Described) =>
          method === call.method && new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[A-Z0-9-]+')}$`).test(call.path);
        const found = described.find(fits);
        if (found !== undefined) {
          matched.add(operation);
          for (const name of Object.keys(call.query ?? {}))
            if (!found.params.some((known) => known.replace('*', '') === `query:${name}`))
              findings.push(`${operation}: query.${name}`);
          for (const name of Object.keys(call.body ?? {}))
            if (found.bodyProps?.includes(name) !== true) findings.push(`${operation}: body.${name}`);
        }
        return bound.http.send(call, options);
      },
    };
    await definition.execute(definition.input.parse(input), { ...bound, http });
  }
  expect(findings).toEqual([]);
  expect([...matched]).toContain('jira.issue.archive');
  expect(matched.size).toBeGreaterThanOrEqual(12);
});
