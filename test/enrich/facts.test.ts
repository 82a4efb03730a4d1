import { expect, test } from 'vitest';
import { type Fact, factKey } from '../../src/action/fact.ts';
import { Facts } from '../../src/workflow/facts.ts';

const fact = (value: string, observedAt: number, fence?: number): Fact => ({
  fact: 'directoryRisk',
  subject: { type: 'user', id: 'ada' },
  value,
  source: 'directory',
  observedAt,
  expiresAt: observedAt + 1_000,
  fence,
});

test.each([
  { rule: 'the later place, whatever the clocks say', first: fact('a', 900, 1), second: fact('b', 100, 2), holds: 'b' },
  { rule: 'not the earlier place', first: fact('a', 100, 2), second: fact('b', 900, 1), holds: 'a' },
  { rule: 'without places the later time', first: fact('a', 100), second: fact('b', 900), holds: 'b' },
  { rule: 'not the earlier time', first: fact('a', 900), second: fact('b', 100), holds: 'a' },
  { rule: 'the later time where only one has a place', first: fact('a', 900, 7), second: fact('b', 100), holds: 'a' },
  { rule: 'and also the other way round', first: fact('a', 100), second: fact('b', 900, 1), holds: 'b' },
])('of two look-ups holds $rule', ({ first, second, holds }) => {
  const facts = new Facts();
  facts.observed(first);
  facts.observed(second);
  expect(facts.get(factKey(first.fact, first.subject))?.value).toBe(holds);
});
