import { expect, test } from 'vitest';
import { prometheusText } from '../../../src/surface/http/prometheus-text.ts';

test('names, help and label values are escaped as the format asks', () => {
  const samples = [
    { labels: { decision: 'a"b\\c\nd' }, value: 1 },
    { labels: {}, value: 2.5 },
  ];
  const metric = {
    name: 'interlock_decisions_total',
    help: 'Decisions,\nby \\ kind.',
    type: 'counter',
    samples,
  } as const;
  expect(prometheusText([metric])).toBe(
    '# HELP interlock_decisions_total Decisions,\\nby \\\\ kind.\n# TYPE interlock_decisions_total counter\n' +
      'interlock_decisions_total{decision="a\\"b\\\\c\\nd"} 1\ninterlock_decisions_total 2.5\n',
  );
});
