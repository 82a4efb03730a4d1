import { describe, expect, test } from 'vitest';
import { FULL_INPUTS, ids } from '../../../connectors/workday/inputs.ts';
import { type ResourceRef, resourceKey } from '../../../src/action/resource.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { type Caller, resultOf, simulatedTenant } from './tenant.ts';

/** What an action that succeeded has touched, by its input and by its answer. */
async function touchedBy(caller: Caller, name: string, input: JsonObject) {
  const { definition } = caller.registry.operation(name);
  const answer = resultOf(await caller.run(name, input));
  const parsed = definition.input.parse(input);
  const refs: readonly ResourceRef[] = [
    ...definition.resources(parsed),
    ...(definition.touched?.(answer, parsed) ?? []),
  ];
  return { answer, keys: refs.map(resourceKey) };
}

/** Creations, the name of the new thing’s id in the answer, and how another operation names that thing. */
const CREATIONS = [
  ['workday.worker.change-job', 'eventId', 'workday.event.get', (eventId) => ({ eventId })],
  ['workday.payment.request-one-time', 'eventId', 'workday.event.get', (eventId) => ({ eventId })],
  ['workday.time-off.request', 'eventId', 'workday.event.get', (eventId) => ({ eventId })],
  [
    'workday.payroll-input.create',
    'payrollInputId',
    'workday.payroll-input.delete',
    (payrollInputId) => ({ payrollInputId }),
  ],
  [
    'workday.supplier-invoice.create',
    'invoiceId',
    'workday.supplier-invoice.submit',
    (invoiceId) => ({ invoiceId, total: { minorUnits: 1, currency: 'USD' } }),
  ],
] as const satisfies readonly (readonly [string, string, string, (id: string) => JsonObject])[];

describe('what one agent started or created', () => {
  test.each(CREATIONS)('%s (%s) is the same thing to %s', async (create, field, other, inputOf) => {
    const { maker } = await simulatedTenant();
    const { answer, keys } = await touchedBy(maker, create, FULL_INPUTS[create] ?? {});
    const { definition } = maker.registry.operation(other);
    const namedBy = (id: string) => definition.resources(definition.input.parse(inputOf(id))).map(resourceKey);
    expect(keys).toEqual(expect.arrayContaining(namedBy(String(answer[field]))));
    expect(keys).not.toEqual(expect.arrayContaining(namedBy(ids.any)));
  });

  test('is met by whoever lists steps, whose comments quote it', async () => {
    const { maker } = await simulatedTenant();
    const { answer } = await touchedBy(
      maker,
      'workday.time-off.request',
      FULL_INPUTS['workday.time-off.request'] ?? {},
    );
    const event = resourceKey({ type: 'Workday::Event', id: String(answer['eventId']) });
    expect((await touchedBy(maker, 'workday.event-step.list', {})).keys).toContain(event);
    const { simulator: _, ...elsewhere } = await simulatedTenant();
    expect((await touchedBy(elsewhere.maker, 'workday.event-step.list', {})).keys).not.toContain(event);
  });

  test('is met by whoever lists workers where it was written to a worker', async () => {
    const { maker } = await simulatedTenant();
    const paid = 'workday.payroll-input.create';
    const { keys } = await touchedBy(maker, paid, FULL_INPUTS[paid] ?? {});
    const found = await touchedBy(maker, 'workday.worker.list', { search: 'jonas' });
    const others = await touchedBy(maker, 'workday.worker.list', { search: 'amara' });
    expect(found.keys.filter((key) => keys.includes(key))).toHaveLength(1);
    expect(others.keys.filter((key) => keys.includes(key))).toEqual([]);
  });
});

describe('the longest answer is within the bound', () => {
  const LISTS = [
    ['workday.worker.list', 1_000, (i: number) => ({ workers: { id: `w${i}` } })],
    [
      'workday.event-step.list',
      500,
      (i: number) => ({ steps: { id: `s${i}`, event: { id: `e${i}` }, overallProcess: { id: `p${i}` } } }),
    ],
  ] as const;

  test.each(LISTS)('%s: at most %d items', async (name, most, itemOf) => {
    const { maker } = await simulatedTenant();
    const { input, touched } = maker.registry.operation(name).definition;
    expect(input.safeParse({ limit: most }).success).toBe(true);
    expect(input.safeParse({ limit: most + 1 }).success).toBe(false);
    const [list] = Object.keys(itemOf(0));
    const items = Array.from({ length: most }, (_, i) => Object.values(itemOf(i))[0]);
    const found = touched?.({ [String(list)]: items }, {}).length ?? 0;
    expect(found).toBeGreaterThanOrEqual(most);
    expect(found).toBeLessThanOrEqual(BOUNDS.touchedResources);
  });
});
