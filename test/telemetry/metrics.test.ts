import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import parsePrometheus from 'parse-prometheus-text-format';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { Counter } from '../../src/lib/metrics/counter.ts';
import { Histogram } from '../../src/lib/metrics/histogram.ts';
import { prometheusText } from '../../src/surface/http/prometheus-text.ts';
import { KEYS, LEAK, READ, request, SEND, startHarness } from '../surface/http/harness.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/observability.md'), 'utf8');

async function scraped(): Promise<string> {
  const harness = await startHarness();
  onTestFinished(harness.close);
  for (const call of [READ, LEAK, SEND])
    await harness.app.inject(request('POST', '/v1/actions', harness.agent.token, call));
  return (await harness.app.inject(request('GET', '/metrics', KEYS.nobody))).body;
}

/** Names of families, as the text declares them. */
function familiesOf(text: string): readonly string[] {
  return [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
}

test('an independent parser reads every family of a gateway, once', async () => {
  const text = await scraped();
  const families = familiesOf(text);
  expect(families.length).toBeGreaterThan(20);
  expect(new Set(families).size).toBe(families.length);
  expect(parsePrometheus(text).map(({ name }) => name)).toEqual(families);
  expect([...text.matchAll(/^# HELP (\S+) \S/gm)].map(([, name]) => name)).toEqual(families);
  expect(families.filter((name) => !/^interlock_[a-z_]+$/.test(name))).toEqual([]);
  expect(text.endsWith('\n')).toBe(true);
});

test('what happened is counted: decisions by their kind, what is held, and how long all of it took', async () => {
  const text = await scraped();
  const families = new Map(parsePrometheus(text).map((family) => [family.name, family.metrics]));
  expect(families.get('interlock_held_actions')).toEqual([{ value: '1' }]);
  expect(families.get('interlock_approvals_open')).toEqual([{ value: '1' }]);
  // The parser takes all series of a histogram for one.
  for (const decision of ['allow', 'deny', 'step_up'])
    expect(text).toContain(`\ninterlock_decision_seconds_count{decision="${decision}",system="notes"} 1\n`);
  expect(text).toContain('\ninterlock_execution_seconds_count{system="notes",status="succeeded"} 1\n');
  const appends = families.get('interlock_log_append_seconds')?.[0];
  expect(Number(appends?.count)).toBeGreaterThanOrEqual(4);
  expect(appends?.buckets?.['+Inf']).toBe(appends?.count);
});

test("a histogram's buckets are cumulative, and end in all that there was", () => {
  const histogram = new Histogram({ name: 'interlock_x_seconds', help: 'X.', labels: ['a'] }, [1, 2]);
  for (const seconds of [0.5, 1, 1.5, 9]) histogram.observe(seconds, ['"\\\n']);
  const text = prometheusText([histogram.metric()]);
  const label = 'a="\\"\\\\\\n"';
  expect(text.split('\n').slice(2, -1)).toEqual([
    `interlock_x_seconds_bucket{${label},le="1"} 2`,
    `interlock_x_seconds_bucket{${label},le="2"} 3`,
    `interlock_x_seconds_bucket{${label},le="+Inf"} 4`,
    `interlock_x_seconds_sum{${label}} 12`,
    `interlock_x_seconds_count{${label}} 4`,
  ]);
});

test('labels never make more series than the bound: what comes later is counted together', () => {
  const counter = new Counter({ name: 'interlock_x_total', help: 'X.', labels: ['a', 'b'] });
  for (let index = 0; index < BOUNDS.metricSeries + 500; index++) counter.add([`v${index}`, 'w']);
  const { samples } = counter.metric();
  expect(samples).toHaveLength(BOUNDS.metricSeries + 1);
  expect(samples.at(-1)).toEqual({ labels: { a: 'other', b: 'other' }, value: 500 });
});

test('the page lists exactly the metrics that a gateway shows', async () => {
  const listed = [...PAGE.matchAll(/^\| `(interlock_[a-z_]+)/gm)].map(([, name = '']) => name);
  expect([...new Set(listed)].sort()).toEqual([...familiesOf(await scraped())].sort());
});

const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Interlock[A-Za-z]+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smh]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ),
});

test('the alerts of the page are a rule file, and name metrics that there are', async () => {
  const [, yaml = ''] = /<!-- rules -->\s*```yaml\n(.*?)```/s.exec(PAGE) ?? [];
  const { groups } = rulesSchema.parse(parse(yaml));
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(5);
  const families = familiesOf(await scraped());
  const named = rules.flatMap(({ expr }) => expr.match(/interlock_[a-z_]+/g) ?? []);
  expect(named.length).toBeGreaterThanOrEqual(rules.length);
  expect(named.filter((name) => !families.includes(name.replace(/_(?:bucket|sum|count)$/, '')))).toEqual([]);
});
