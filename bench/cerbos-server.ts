import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { peerFile } from './peers.ts';

export const CERBOS_PACKAGE = '@cerbos/cerbos-linux-x64';

/** Longest start: it compiles every policy first. */
const START_MS = 120_000;
const LOOK_MS = 100;

export function hasCerbos(): boolean {
  return peerFile(CERBOS_PACKAGE) !== undefined;
}

/** The real policy decision point of Cerbos in a process of its own, on loopback, telemetry and metrics off. */
export class CerbosServer {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
  }

  /** Serves the given policies (https://docs.cerbos.dev/cerbos/latest/policies/), one file each, from `directory`. */
  static async start(directory: string, policies: readonly object[]): Promise<CerbosServer> {
    const binary = peerFile(CERBOS_PACKAGE);
    if (binary === undefined) throw new Error(`${CERBOS_PACKAGE} is not installed.`);
    const storage = join(directory, 'policies');
    mkdirSync(storage, { recursive: true });
    for (const [index, policy] of policies.entries())
      writeFileSync(join(storage, `${index}.json`), JSON.stringify(policy));
    const [http, grpc] = [await freePort(), await freePort()];
    const config = join(directory, 'cerbos.json');
    writeFileSync(config, JSON.stringify(configuration(storage, { http, grpc })));
    const out = openSync(join(directory, 'cerbos.log'), 'w');
    const child = spawn(binary, ['server', `--config=${config}`], { stdio: ['ignore', out, out] });
    const server = new CerbosServer(child, `http://127.0.0.1:${http}`);
    try {
      await server.#ready();
    } catch (thrown) {
      child.kill('SIGKILL');
      throw thrown;
    }
    return server;
  }

  async close(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exited;
  }

  async #ready(): Promise<void> {
    for (let waitedMs = 0; waitedMs < START_MS; waitedMs += LOOK_MS) {
      if (this.#process.exitCode !== null) throw new Error(`Cerbos ended with ${this.#process.exitCode}.`);
      if (await isUp(`${this.url}/_cerbos/health`)) return;
      await pause(LOOK_MS);
    }
    throw new Error(`Cerbos did not start within ${START_MS} ms.`);
  }
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // It does not listen yet.
    return false;
  }
}

function configuration(directory: string, ports: { readonly http: number; readonly grpc: number }): object {
  return {
    server: {
      httpListenAddr: `127.0.0.1:${ports.http}`,
      grpcListenAddr: `127.0.0.1:${ports.grpc}`,
      metricsEnabled: false,
    },
    telemetry: { disabled: true },
    audit: { enabled: false },
    storage: { driver: 'disk', disk: { directory, watchForChanges: false } },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}
