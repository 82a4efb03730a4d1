import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { verifyLog } from '../ledger/verify-log.ts';
import { asInterlockError, ERRORS, InterlockError } from '../lib/errors.ts';
import { loadPolicySet } from '../policy/load-policy-set.ts';
import type { Diagnosis } from '../surface/cli/cli-context.ts';
import { openLogReader } from '../workflow/sqlite-log/open-log-reader.ts';
import type { Config } from './config.ts';
import { findConfig } from './find-config.ts';
import { withRegistry } from './offline.ts';
import { logPlaces } from './open-log.ts';
import { readPolicies } from './read-policies.ts';

const NODE_MAJOR = 24;

interface Patient {
  readonly file: string | undefined;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Looks at everything that a gateway needs, in the order in which it needs it. Never throws: what fails is a finding. */
export async function doctor({ file, directory, environment }: Patient): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [nodeVersion()];
  const config = await examine(found, 'configuration', async () => {
    const read = findConfig(file, directory);
    return { value: read, detail: `read; ${Object.keys(read.connectors).length} connectors, ${read.keys.length} keys` };
  });
  if (config === undefined) return found;
  await examine(found, 'connectors and policies', () => connectorsAndPolicies(config, environment, found));
  await examine(found, 'workflow log', () => log(config));
  found.push(credentials(config));
  await examine(found, 'address', () => address(config));
  return found;
}

interface Examined<T> {
  readonly value: T;
  readonly detail: string;
}

async function examine<T>(found: Diagnosis[], check: string, look: () => Promise<Examined<T>>): Promise<T | undefined> {
  try {
    const { value, detail } = await look();
    found.push({ check, ok: true, detail });
    return value;
  } catch (thrown) {
    const { code, message } = asInterlockError(thrown);
    found.push({ check, ok: false, detail: `${code}: ${message}`, remedy: ERRORS[code].hint });
    return undefined;
  }
}

function nodeVersion(): Diagnosis {
  const ok = Number.parseInt(process.versions.node, 10) >= NODE_MAJOR;
  return {
    check: 'Node.js',
    ok,
    detail: process.versions.node,
    ...(ok ? {} : { remedy: `Install Node.js ${NODE_MAJOR} or newer.` }),
  };
}

async function connectorsAndPolicies(
  config: Config,
  environment: Patient['environment'],
  found: Diagnosis[],
): Promise<Examined<undefined>> {
  return withRegistry({ config, environment }, async (registry) => {
    for (const [system, error] of await registry.check()) {
      const check = `credential of ${system}`;
      found.push(
        error === undefined
          ? { check, ok: true, detail: 'accepted' }
          : { check, ok: false, detail: `${error.code}: ${error.message}`, remedy: ERRORS[error.code].hint },
      );
    }
    const { policies } = await loadPolicySet({
      files: readPolicies(config.policies, config.baseDirectory),
      catalog: registry.catalog,
    });
    return { value: undefined, detail: `${registry.catalog.operations.length} operations, ${policies.size} policies` };
  });
}

async function log(config: Config): Promise<Examined<undefined>> {
  const { file, checkpoints } = logPlaces(config);
  if (!existsSync(file)) return { value: undefined, detail: 'none yet; the first start makes one' };
  const reader = openLogReader({ file });
  try {
    const { streams, events, findings, findingCount } = await verifyLog({ reader, checkpointDirectory: checkpoints });
    const [first] = findings;
    if (first !== undefined) {
      const place = [first.tenant, first.workflow, first.seq].filter((part) => part !== undefined).join(' / ');
      throw new InterlockError(
        'LOG_BROKEN',
        `${findingCount} findings, the first at ${place || 'the log'}: ${first.detail}`,
      );
    }
    const mode = statSync(file).mode & 0o077;
    return {
      value: undefined,
      detail: `${streams} workflows, ${events} events, whole${mode === 0 ? '' : '; readable by others on this machine'}`,
    };
  } finally {
    reader.close();
  }
}

function credentials({ keys, jwt }: Config): Diagnosis {
  const ok = keys.length > 0 || jwt !== undefined;
  return {
    check: 'operators',
    ok,
    detail: ok
      ? `${keys.length} keys${jwt === undefined ? '' : `, JWTs of ${jwt.issuer}`}`
      : 'nobody could call `serve`',
    ...(ok ? {} : { remedy: 'Make a key with `interlock key`, or configure `jwt`; `dev` makes its own.' }),
  };
}

function address({ listen: { host, port } }: Config): Promise<Examined<undefined>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(error));
    server.listen(port, host, () =>
      server.close(() => resolve({ value: undefined, detail: `${host}:${port} is free` })),
    );
  });
}
