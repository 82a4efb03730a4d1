import { expect, test } from 'vitest';
import { hasPostgres } from '../support/postgres-server.ts';
import { PATIENCE_MS, quickRows } from './quick-rows.ts';

test.skipIf(!hasPostgres)('ledger gives its rows, the drain beside a bare insert', { timeout: PATIENCE_MS }, () => {
  const { rows } = quickRows('ledger');
  expect(rows.map(({ case: name }) => name.replace(/^.*, /, ''))).toEqual(['drained', 'bare insert', 'verified']);
  expect(rows[0]?.peer).toBe(rows[1]?.case);
});
