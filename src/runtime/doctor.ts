import { existsSync } from 'node:fs';
import type { Registry } from '../connector/registry.ts';
import { InterlockError } from '../lib/errors.ts';
import { loadPolicySet } from '../policy/load-policy-set.ts';
import type { Diagnosis } from '../surface/cli/cli-context.ts';
import type { LogReader } from '../workflow/log-reader.ts';
import { openLogReader } from '../workflow/sqlite-log/open-log-reader.ts';
import type { Config } from './config.ts';
import { enforcementPoints, type PointParts } from './enforcement-points.ts';
import { examineAddress } from './examine-address.ts';
import { examineLog } from './examine-log.ts';
import { findConfig } from './find-config.ts';
import { examine, failure } from './finding.ts';
import { withRegistry } from './offline.ts';
import { logPlaces } from './open-log.ts';
import { policyHistory, SYSTEM_STREAM } from './policy-journal.ts';
import { readPolicies } from './read-policies.ts';

const NODE_MAJOR = 24;

interface Patient {
  readonly file: string | undefined;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Looks at everything that a gateway needs, in the order in which it needs it. Never throws: what fails is a finding. */
export async function doctor({ file, directory, environment }: Patient): Promise<readonly Diagnosis[]> {
  const node = nodeVersion();
  let config: Config;
  try {
    config = findConfig(file, directory);
  } catch (thrown) {
    return [node, failure('configuration', thrown)];
  }
  const size = `${Object.keys(config.connectors).length} connectors, ${config.keys.length} keys`;
  return [
    node,
    { check: 'configuration', ok: true, detail: size },
    ...(await examineSystems(config, environment)),
    ...(await examineStore(config, environment)),
    ...(config.ledger === undefined ? [] : [await examine('ledger', () => ledgerOf(config, environment))]),
    examineOperators(config),
    await examine('address', () => examineAddress(config.listen)),
  ];
}

/** The file, or the Redis, that the log is in. */
async function examineStore(config: Config, environment: Patient['environment']): Promise<readonly Diagnosis[]> {
  const { redis, baseDirectory } = config;
  if (redis === undefined) return examineLog(config);
  const { examineRedisLog } = await import('./examine-redis-log.ts');
  return examineRedisLog({ redis, baseDirectory, environment });
}

/** Only who has a ledger there loads its client. */
async function ledgerOf(config: Config, environment: Patient['environment']): Promise<string> {
  return (await import('./examine-ledger.ts')).examineLedger(config, environment);
}

function nodeVersion(): Diagnosis {
  const ok = Number.parseInt(process.versions.node, 10) >= NODE_MAJOR;
  const remedy = ok ? undefined : `Install Node.js ${NODE_MAJOR} or newer.`;
  return { check: 'Node.js', ok, detail: process.versions.node, remedy };
}

/** The connectors, the credential of each, and the policies, which are checked against what the connectors offer. */
async function examineSystems(config: Config, environment: Patient['environment']): Promise<readonly Diagnosis[]> {
  try {
    return await withRegistry({ config, environment }, async (registry) => [
      { check: 'connectors', ok: true, detail: `${registry.catalog.operations.length} operations` },
      ...[...(await registry.check())].map(([system, error]) => {
        const check = `credential of ${system}`;
        return error === undefined ? { check, ok: true, detail: 'accepted' } : failure(check, error);
      }),
      await examine('policies', () => examinePolicies(config, registry)),
      ...(Object.keys(config.gateways).length === 0
        ? []
        : [await examine('gateways', async () => examineGateways({ config, environment, registry }))]),
    ]);
  } catch (thrown) {
    return [failure('connectors', thrown)];
  }
}

/** Whether each has its secret, and a system whose requests are known. */
function examineGateways(parts: PointParts): string {
  return enforcementPoints(parts)
    .map(
      ({ settings, point }) =>
        `${point.name} (${settings.kind}) for ${point.shapes.length} operations of ${settings.system}`,
    )
    .join(', ');
}

async function examinePolicies(config: Config, { catalog }: Registry): Promise<string> {
  const files = readPolicies(config.policies, config.baseDirectory);
  const { hash, policies } = await loadPolicySet({ files, catalog });
  if (wasDistrusted(config, hash))
    throw new InterlockError(
      'POLICY_ENGINE_FAILED',
      'all valid, but they were once evaluated wrongly, so they are evaluated slowly: look for `policy.disagreed` in the log and report it',
    );
  return policies.size === 0 ? 'none: everything is denied' : `${policies.size}, all valid`;
}

function wasDistrusted(config: Config, hash: string): boolean {
  const { file } = logPlaces(config);
  if (!existsSync(file)) return false;
  let reader: LogReader | undefined;
  try {
    reader = openLogReader({ file });
    return policyHistory(reader.events(SYSTEM_STREAM)).disagreed.has(hash);
  } catch {
    // What is wrong with the log is the finding of the one who examines it.
    return false;
  } finally {
    reader?.close();
  }
}

function examineOperators({ keys, jwt, connectors }: Config): Diagnosis {
  const check = 'operators';
  if (keys.length === 0 && jwt === undefined) {
    // With simulated systems it is for `dev`, which makes keys of its own.
    if (Object.values(connectors).some(({ simulate }) => simulate))
      return { check, ok: true, detail: 'none but those that `dev` makes for itself' };
    const remedy = 'Make a key with `interlock key`, or configure `jwt`.';
    return { check, ok: false, detail: 'nobody could call `serve`', remedy };
  }
  return { check, ok: true, detail: `${keys.length} keys${jwt === undefined ? '' : `, JWTs of ${jwt.issuer}`}` };
}
