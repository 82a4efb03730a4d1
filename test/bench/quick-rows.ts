import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..', '..');

/** It starts several gateways; a busy machine may take its time. */
export const PATIENCE_MS = 240_000;

/** A process of its own, as `npm run bench` starts it. */
export function bench(...args: readonly string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bench', 'run.ts'), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

const row = z.strictObject({
  bench: z.string(),
  case: z.string().min(1),
  unit: z.enum(['µs', 'ms', 'per second', 'KiB', 'times', '%']),
  // What sleeps may take nothing at all.
  median: z.number().nonnegative(),
  p99: z.number().nonnegative(),
  n: z.int().positive(),
  peer: z.string().optional(),
  ratio: z.number().positive().optional(),
});

/** The rows of one quick run: each case once, and every ratio with a peer that is a row too. */
export function quickRows(name: string): { readonly rows: readonly z.infer<typeof row>[]; readonly err: string } {
  const { status, out, err } = bench(name, '--quick', '--json');
  expect(status, err).toBe(0);
  expect(err).toContain(`node: ${process.version}`);
  const lines = out.trim().split('\n');
  const rows = lines.map((line) => row.parse(JSON.parse(line)));
  const cases = rows.map((each) => each.case);
  expect(new Set(cases).size).toBe(cases.length);
  for (const { bench: from, case: of, peer, ratio } of rows) {
    expect(from).toBe(name);
    expect(ratio === undefined, of).toBe(peer === undefined);
    if (peer !== undefined) expect(cases, of).toContain(peer);
  }
  return { rows, err };
}
