import { describe, expect, test } from 'vitest';
import { hasRedis } from '../support/redis-server.ts';
import { PATIENCE_MS, quickRows } from './quick-rows.ts';

describe.skipIf(!hasRedis)('npm run bench -- redis', { timeout: PATIENCE_MS }, () => {
  test('gives every row once, each decision beside the bare script call at the same level', () => {
    const { rows } = quickRows('redis');
    const cases = rows.map((row) => row.case);
    expect(new Set(cases).size).toBe(cases.length);
    for (const level of ['nothing on the disk', 'appendfsync everysec', 'appendfsync always']) {
      const own = rows.filter((row) => row.case.startsWith(`decide over Redis, ${level}`));
      expect(own).toHaveLength(4);
      for (const { peer, ratio } of own) {
        expect(cases).toContain(peer);
        expect(ratio).toBeGreaterThan(0);
      }
    }
  });
});
