import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/**
 * What starts processes by the dozen, kills them, drives a browser, builds and installs the package, or checks policy sets
 * at their bounds. `npm run test:fast` leaves it out; `npm test` does not.
 */
const LONG = [
  'test/bench/**/*.test.ts',
  'test/connector/conformance/checks.test.ts',
  'test/connectors/*/conformance.test.ts',
  'test/connectors/ldap/{attacks,governed,real-slapd,transport}.test.ts',
  'test/connectors/mcp/governed-tools.test.ts',
  'test/connectors/sql/real-postgres.test.ts',
  'test/crash/**/*.test.ts',
  'test/demo/**/*.test.ts',
  'test/docs/compose.test.ts',
  'test/docs/runnable.test.ts',
  'test/faults/**/*.test.ts',
  'test/enrich/bull*.test.ts',
  'test/telemetry/*.test.ts',
  'test/enrich/classify/class*.test.ts',
  'test/gate/erasure.test.ts',
  'test/gate/gateways-at-odds.test.ts',
  'test/gate/many-gateways-cluster.test.ts',
  'test/gate/signals-exactness.test.ts',
  'test/gate/signals.test.ts',
  'test/ledger/postgres/*.test.ts',
  'test/package/**/*.test.ts',
  'test/parity/modes.test.ts',
  'test/policy/cedar-corpus/corpus.test.ts',
  'test/policy/fuzz/**/*.test.ts',
  'test/policy/hostile-policies.test.ts',
  'test/policy/injection-pack.test.ts',
  'test/policy/judge/**/*.test.ts',
  'test/policy/lint/claims-hold.test.ts',
  'test/policy/load-policy-set.test.ts',
  'test/policy/signals/examples.test.ts',
  'test/policy/slice-schema.test.ts',
  'test/runtime/cached-start.test.ts',
  'test/runtime/doctor.test.ts',
  'test/runtime/new-connector.test.ts',
  'test/runtime/policies-in-force.test.ts',
  'test/runtime/policy-cache.test.ts',
  'test/surface/cli/{config,connector-import,facts,foreign-text,mcp,offline,online,serve,usage}.test.ts',
  'test/surface/gateway/{envoy,nginx,settings}.test.ts',
  'test/surface/http/board.test.ts',
  'test/surface/http/page.test.ts',
  'test/surface/mcp/restart.test.ts',
  'test/surface/mcp/stdio.test.ts',
  'test/surface/models/endpoint.test.ts',
  'test/surface/models/failures.test.ts',
  'test/surface/gateway/nginx-raw.test.ts',
  'test/surface/gateway/envoy-told-twice.test.ts',
  'test/connectors/models/budget.test.ts',
  'test/runtime/worker/cluster.test.ts',
  'test/workflow/redis-log/{cluster,failover,silent-connection}.test.ts',
  'test/workflow/snapshot/*.test.ts',
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
      {
        extends: true,
        test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, ...LONG] },
      },
      { extends: true, test: { name: 'long', include: LONG, sequence: { groupOrder: 1 } } },
    ],
  },
});
