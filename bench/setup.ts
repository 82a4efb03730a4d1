import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { POLICY_COUNT } from './gate/reference-policies.ts';
import { peerFile } from './peers.ts';

const ROOT = join(import.meta.dirname, '..');
const MEASURED_PACKAGES = ['@cedar-policy/cedar-wasm', 'zod', 'fastify', 'pino', 'canonicalize'];

/** What the figures depend on, by name; printed before them. */
export function describeSetup(directory: string): Readonly<Record<string, string>> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: String(availableParallelism()),
    'load average': loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
    ...describeBusy(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    disk: describeDisk(directory),
    node: process.version,
    sqlite: process.versions['sqlite'] ?? 'unknown',
    packages: MEASURED_PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', '),
    peers: describePeers(),
    policies: String(POLICY_COUNT),
    commit: describeCommit(),
    at: new Date().toISOString(),
  };
}

function versionOf(name: string): string {
  const file = join(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}

/** Others that wait for the same cores lengthen what takes long and not what is over before its turn ends. */
function describeBusy(): Readonly<Record<string, string>> {
  if ((loadavg()[0] ?? 0) <= availableParallelism()) return {};
  return {
    busy: 'more was to be done than there are cores; long operations look longer than they are beside short ones',
  };
}

/** The engines to compare with, which are a package of their own. */
function describePeers(): string {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'bench/peers/package.json'), 'utf8'),
  );
  const wanted = Object.entries({ ...dependencies, ...optionalDependencies });
  return wanted
    .map(([name, version]) => `${name} ${peerFile(name) === undefined ? 'not installed' : version}`)
    .join(', ');
}

/** File system and device of the folder, where the system tells. */
function describeDisk(directory: string): string {
  try {
    const fields = execFileSync('df', ['-PT', resolve(directory)], { encoding: 'utf8' })
      .trim()
      .split('\n')[1]
      ?.split(/\s+/);
    return fields === undefined ? 'unknown' : `${fields[1]} on ${fields[0]}`;
  } catch {
    // Only Linux's df knows -T; the figures stand without it.
    return 'unknown';
  }
}

function describeCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}`;
  } catch {
    // An installed package has no history.
    return 'unknown';
  }
}
