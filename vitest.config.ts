import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Processes killed over and over, a browser, the package built and installed: `npm run test:fast` leaves these out. */
const LONG = [
  'test/crash/**/*.test.ts',
  'test/package/**/*.test.ts',
  'test/surface/http/page.test.ts',
  'test/workflow/sqlite-log/kill.test.ts',
];

export default defineConfig({
  test: {
    // Each worker starts servers and child processes of its own: more workers than cores only makes them wait for each other.
    maxWorkers: Math.max(1, Math.min(availableParallelism(), 4)),
    // Far above what any test takes, so that a slow machine fails nothing.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: LONG } },
      { extends: true, test: { name: 'long', include: LONG, sequence: { groupOrder: 1 } } },
    ],
  },
});
