import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { Interlock } from '../../../src/gate/interlock.ts';
import { sha256 } from '../../../src/lib/digest.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { type RunningServer, startServer } from '../../../src/runtime/start-server.ts';
import { newDirectory, OPENER, operator } from '../../support/test-gateway.ts';

/** The files that docs/gateways.md shows. */
export const EXAMPLES = join(import.meta.dirname, '../../../docs/gateways');
export const SECRETS = { EDGE_SECRET: 'e'.repeat(40), MESH_SECRET: 'm'.repeat(40) };
export const APPROVER = operator('fin', ['approve'], ['finance']);

export interface AskedInterlock {
  readonly server: RunningServer;
  readonly interlock: Interlock;
  readonly port: number;
  readonly meshPort: number;
  /** A session token in a workflow of its own. */
  agent(): Promise<{ readonly token: string; readonly workflow: string }>;
  close(): Promise<void>;
}

/** Interlock with the very configuration of the documentation, on free ports. */
export async function startAskedInterlock(mesh: Readonly<Record<string, unknown>> = {}): Promise<AskedInterlock> {
  const raw = parse(readFileSync(join(EXAMPLES, 'interlock.yaml'), 'utf8'));
  raw.data = newDirectory();
  raw.judge = { share: 0 };
  raw.listen.port = 0;
  raw.keys = [{ id: 'opener', digest: sha256('key-opener'), tenant: 'acme', rights: ['open'] }];
  raw.gateways.mesh.listen.port = 0;
  Object.assign(raw.gateways.mesh, mesh);
  const config = parseConfig(raw, { file: 'interlock.yaml', baseDirectory: EXAMPLES });
  const server = await startServer({ config, environment: { ...SECRETS, SHORT: 'x' }, logger: createLogger('silent') });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await server.close();
  };
  onTestFinished(close);
  const { interlock } = server.gateway;
  return {
    server,
    interlock,
    port: Number(new URL(server.url).port),
    meshPort: server.gatewayPorts.get('mesh') ?? 0,
    close,
    async agent() {
      const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
      const { token } = await interlock.openSession(OPENER, workflow, { agent: 'helper' });
      return { token, workflow };
    },
  };
}
