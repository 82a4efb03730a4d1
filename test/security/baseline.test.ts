import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Effect } from '../../src/action/effect.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { OddSystem, ORDINARY } from '../support/odd-connector.ts';
import { testGateway } from '../support/test-gateway.ts';

const folder = new URL('../../policies/baseline/', import.meta.url);
const BASELINE = readdirSync(folder)
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');
const amount = (minorUnits: number) => ({ minorUnits, currency: 'EUR' });

/** What no bundled connector does in one action, and another one may. */
const EFFECTS: readonly (readonly [string, Partial<Effect>, readonly string[]])[] = [
  ['moves HR data out, itself', { external: true, dataClasses: ['hr'] }, ['no-sensitive-data-to-the-outside']],
  ['moves untrusted text out', { external: true, dataClasses: ['untrusted'] }, []],
  ['moves HR data within', { dataClasses: ['hr'] }, []],
  ['books 1000.01', { amount: amount(100_001) }, ['large-amount-needs-approval']],
  ['takes back a fortune', { amount: amount(-100_000_000) }, ['large-amount-needs-approval']],
  ['books 1000.00', { amount: amount(100_000) }, []],
  ['uses special rights', { privileged: true }, ['privilege-needs-approval']],
  ['does what nobody could classify', { kind: 'execute' }, ['NO_PERMIT']],
];

test('the baseline stops what is dangerous, whichever connector it comes from', async () => {
  const { agent, odd } = await testGateway({ policies: BASELINE, log: createMemoryLog() });
  for (const [what, effect, policies] of EFFECTS) {
    Object.assign(odd, new OddSystem());
    odd.effect = () => ({ ...ORDINARY, ...effect });
    const { run } = await agent();
    const { decision, reasons } = await run({ operation: 'odd.thing.write', input: {} });
    if (policies.length === 0) expect(decision, what).toBe('allow');
    else expect(reasons.map(({ policy }) => policy), what).toEqual(policies); // biome-ignore format: one line
    expect(odd.executions, what).toBe(decision === 'allow' ? 1 : 0);
  }
});
