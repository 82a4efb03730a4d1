import { defineConfig } from 'vitest/config';

/** Apart from the other tests: the SDKs are installed for these alone. */
export default defineConfig({
  test: { include: ['test/judges/**/*.judge.ts'], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 },
});
