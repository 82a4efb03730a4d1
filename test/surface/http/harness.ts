import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import type { ApiKey } from '../../../src/gate/api-keys.ts';
import type { Caller, Interlock, Right } from '../../../src/gate/interlock.ts';
import { sha256 } from '../../../src/lib/digest.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { type Gateway, startGateway } from '../../../src/runtime/start-gateway.ts';
import { createHttpSurface, type HttpSurfaceOptions } from '../../../src/surface/http/create-http-surface.ts';
import { createMemoryLog } from '../../../src/workflow/memory-log.ts';
import { NoteSystem, notesConnector } from '../../support/notes-connector.ts';
import { refuseDifferences } from '../../support/refuse-differences.ts';

export const HOST = '127.0.0.1:8080';

/** API keys of two tenants, named after who holds them. */
export const KEYS = {
  opener: 'key-opener',
  approver: 'key-approver',
  admin: 'key-admin',
  nobody: 'key-nobody',
  otherAdmin: 'key-other-admin',
} as const;

/** Everything is permitted, except what leaves for `evil.example`; whatever else leaves is asked for. */
const POLICIES = `
@id("permit-all") @title("Everything is permitted here.") permit(principal, action, resource);
@id("no-evil") @title("Nothing is sent to evil.example.")
forbid(principal, action == Action::"notes.note.send", resource) when { context.input.to like "*evil.example" };
@id("ask") @title("What is sent outside needs a manager.") @unless("approval(managers, within: 30m)")
forbid(principal, action == Action::"notes.note.send", resource);`;

/** Calls with their decisions: allowed, denied, held. */
export const READ = { operation: 'notes.note.read', input: { id: 'n1' } };
export const WRITE = { operation: 'notes.note.write', input: { id: 'n2', text: 'hello' } };
export const LEAK = { operation: 'notes.note.send', input: { id: 'n1', to: 'x@evil.example' } };
export const SEND = { operation: 'notes.note.send', input: { id: 'n1', to: 'bob@example.com' } };

export interface Harness {
  readonly app: FastifyInstance;
  readonly interlock: Interlock;
  readonly workflow: string;
  /** Bearer tokens of two agents of the workflow, and their sessions. */
  readonly agent: { readonly token: string; readonly session: string };
  readonly helper: { readonly token: string; readonly session: string };
  /** Everything that ever happened, in one number: events of every workflow, and effects on the system. */
  readonly changes: () => Promise<number>;
  readonly admin: Caller;
  /** Everything that was logged so far. */
  readonly logged: () => string;
  readonly close: () => Promise<void>;
}

type Options = Partial<HttpSurfaceOptions> & { readonly wrap?: (interlock: Interlock) => Interlock };

/** The surface over a whole gateway with a log in memory, and one workflow of two agents. */
export async function startHarness({ wrap = (same) => same, ...options }: Options = {}): Promise<Harness> {
  const system = new NoteSystem();
  system.notes.set('n1', 'a note');
  const gateway = await gatewayOver(system);
  const { interlock } = gateway;
  const lines: string[] = [];
  const app = await createHttpSurface({
    interlock: wrap(interlock),
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: ['https://console.example'],
    logger: pino({}, { write: (line: string) => lines.push(line) }),
    ...options,
  });
  const [opener, admin, otherAdmin] = await Promise.all(
    [KEYS.opener, KEYS.admin, KEYS.otherAdmin].map((key) => interlock.authenticate(key)),
  );
  if (opener === undefined || admin === undefined || otherAdmin === undefined) throw new Error('a key is missing');
  const request = { onBehalfOf: { id: 'alice' }, mandate: 'Onboard Bob.', limits: { communicate: 5 } };
  const { id: workflow } = await interlock.open(opener, request);
  const agent = await interlock.openSession(opener, workflow, { agent: 'planner' });
  const helper = await interlock.openSession(opener, workflow, { agent: 'helper', delegatedBy: agent.session });
  const changes = async (): Promise<number> => {
    const workflows = await Promise.all([admin, otherAdmin].map((caller) => interlock.workflows(caller)));
    return workflows.flat().reduce((sum, { version }) => sum + version, system.effects.length);
  };
  const close = async (): Promise<void> => {
    await app.close();
    await refuseDifferences(gateway);
    await interlock.close();
  };
  return { app, interlock, workflow, agent, helper, changes, admin, logged: () => lines.join(''), close };
}

async function gatewayOver(system: NoteSystem): Promise<Gateway> {
  const directory = mkdtempSync(join(tmpdir(), 'interlock-http-'));
  try {
    writeFileSync(join(directory, 'policies.cedar'), POLICIES);
    return await startGateway({
      config: parseConfig(
        { policies: ['policies.cedar'], judge: { share: 1 } },
        { file: 'test', baseDirectory: directory },
      ),
      connectors: [{ system: 'notes', connector: notesConnector(system), settings: {} }],
      keys: [
        key('opener', KEYS.opener, ['open']),
        key('anna', KEYS.approver, ['approve'], ['managers']),
        key('root', KEYS.admin, ['open', 'approve', 'administer'], ['managers']),
        key('scraper', KEYS.nobody, []),
        { ...key('mallory', KEYS.otherAdmin, ['open', 'act', 'approve', 'administer'], ['managers']), tenant: 'evil' },
      ],
      log: createMemoryLog(),
      logger: createLogger('silent'),
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function key(id: string, secret: string, rights: Right[], groups: string[] = []): ApiKey {
  return { id, digest: sha256(secret), tenant: 'acme', rights, groups };
}

/** A request as a well-behaved client sends it. */
export function request(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  bearer?: string,
  body?: unknown,
): InjectOptions {
  return {
    method,
    url,
    headers: {
      host: HOST,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}
