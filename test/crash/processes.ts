import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/lib/digest.ts';

const BIN = new URL('../../src/runtime/bin.ts', import.meta.url).pathname;
const READY_MS = 60_000;

/** Whoever opens the workflows of the bursts. */
export const KEY = 'key-of-the-runner';

const POLICIES = `
@id("tickets") @title("Agents may work on incidents.")
permit(principal, action in Action::"servicenow", resource);
@id("keep") @title("Incidents are kept.")
forbid(principal, action in Action::"delete", resource);`;

/** A child process of the command line, and what it says when it is ready. */
export interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

/** One folder with the configuration, the log, its checkpoints and the audit file of the simulated system. */
export interface Site {
  readonly configuration: string;
  readonly log: string;
  readonly checkpoints: string;
  readonly audit: string;
}

/** A simulated ServiceNow in a process of its own: it outlives every gateway. */
export async function startSystem(folder: string): Promise<Running & { readonly site: Site }> {
  mkdirSync(folder, { recursive: true });
  const audit = join(folder, 'audit.jsonl');
  writeFileSync(audit, '');
  const child = run(['connector', 'simulate', 'servicenow', '--control', '--audit-file', audit, '--json']);
  const { url, settings } = JSON.parse(await said(child, /^\{.*\}$/));
  writeFileSync(join(folder, 'password'), settings.password);
  writeFileSync(join(folder, 'policies.cedar'), POLICIES);
  const configuration = join(folder, 'interlock.yaml');
  writeFileSync(
    configuration,
    JSON.stringify({
      data: 'data',
      listen: { port: 0 },
      policies: ['policies.cedar'],
      keys: [{ id: 'runner', digest: sha256(KEY), tenant: 'acme', rights: ['open', 'administer'] }],
      connectors: {
        servicenow: { use: 'servicenow', settings: { ...settings, origin: url, password: 'file:password' } },
      },
    }),
  );
  const data = join(folder, 'data');
  return {
    child,
    url,
    site: { configuration, audit, log: join(data, 'log.sqlite'), checkpoints: join(data, 'checkpoints') },
  };
}

/** `interlock serve` as operators start it, its log synced before every answer. */
export async function startGatewayProcess({ configuration }: Site): Promise<Running> {
  const child = run(['serve', '--config', configuration]);
  const line = await said(child, /governs at (\S+)/);
  return { child, url: line.slice(line.indexOf('http')) };
}

/** Ends a process without a warning; nothing in it runs any more when this resolves. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function run(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The first line on either stream that matches; what comes later is read and dropped, so that the child never waits for us. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const timer = setTimeout(() => reject(new Error(`it did not start: ${heard}`)), READY_MS);
    const hear = (chunk: Buffer): void => {
      heard = (heard + chunk.toString()).slice(-10_000);
      const line = heard.split('\n').find((text) => pattern.test(text));
      if (line === undefined) return;
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', hear).resume();
      resolve(line);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`it ended at its start: ${heard}`));
    });
  });
}
