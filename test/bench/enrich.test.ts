import { describe, expect, test } from 'vitest';
import { hasRedis } from '../support/redis-server.ts';
import { PATIENCE_MS, quickRows } from './quick-rows.ts';

const ROWS = [
  'fact seen, in process',
  'fact seen, over Redis by a worker elsewhere',
  'one bare job of BullMQ',
  'look-ups with a worker killed every second',
];

describe.skipIf(!hasRedis)('npm run bench', { timeout: PATIENCE_MS }, () => {
  test('enrich gives every row, relates the way over Redis to its floor, and says what came of each fact', () => {
    const { rows, err } = quickRows('enrich');
    expect(rows.map((row) => row.case)).toEqual(ROWS);
    expect(rows.filter(({ peer }) => peer !== undefined).map((row) => row.case)).toEqual([ROWS[1]]);
    expect(err).toMatch(/100 facts once in the log, 0 twice, 0 lost, 0 look-ups given up/);
  });
});
