import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interlock, Right } from '../../src/gate/interlock.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { type RunningServer, startServer } from '../../src/runtime/start-server.ts';
import { NoteSystem, notesConnector } from '../support/notes-connector.ts';
import { refuseDifferences } from '../support/refuse-differences.ts';

/** API keys by who holds them; `foreigner` has every right in another tenant. */
export const KEYS = { opener: 'key-opener', approver: 'key-approver', foreigner: 'key-foreigner' } as const;

const POLICIES = `
@id("permit-notes") @title("Agents may work with notes.")
permit(principal, action, resource) unless { context.input has id && context.input.id like "unpermitted*" };
@id("no-leak") @title("Who has read HR data sends nothing outside.") @severity("high")
forbid(principal in Label::"hr", action, resource) when { context.effect.external };
@id("few-copies") @title("At most three copies.") @unless("cap(input.copies, 3)")
forbid(principal, action == Action::"notes.note.write", resource) when { context.input.copies > 3 };
@id("hide") @title("Numbers are masked, tags shortened.") @unless("mask(result.ssn) and limit(result.tags, 1)")
forbid(principal, action == Action::"notes.note.read", resource) when { context.input.id like "hr*" };
@id("ask") @title("What is sent to partners needs a manager.") @unless("approval(managers, within: 30m)")
forbid(principal, action == Action::"notes.note.send", resource) when { context.input.to like "*@partner.example" };
@id("recall") @title("Slow mail can be recalled.") @unless("delay(10m)")
forbid(principal, action == Action::"notes.note.send", resource) when { context.input.to like "*@slow.example" };`;

const key = (id: keyof typeof KEYS, tenant: string, rights: readonly Right[], groups: readonly string[]) => ({
  id,
  digest: sha256(KEYS[id]),
  tenant,
  rights,
  groups,
});

export interface World {
  readonly system: NoteSystem;
  readonly url: string;
  readonly interlock: Interlock;
  /** A session token of an agent in a workflow of its own. */
  agent(): Promise<string>;
  /** Everything that ever happened, in one number: events of every workflow of both tenants, and effects. */
  changes(): Promise<number>;
  /** Ends this server and starts another on what it left. */
  restart(): Promise<World>;
  close(): Promise<void>;
}

/** A whole server with every surface on loopback, on a log file of its own; the system outlives its restarts. */
export async function startWorld(
  folder = mkdtempSync(join(tmpdir(), 'interlock-parity-')),
  system = newSystem(),
): Promise<World> {
  writeFileSync(join(folder, 'policies.cedar'), POLICIES);
  const server = await startServer({
    ...optionsOf(folder),
    connectors: [notes(system)],
    logger: createLogger('silent'),
  });
  const { interlock } = server.gateway;
  return {
    system,
    url: server.url,
    interlock,
    agent: () => openAgent(interlock),
    changes: () => countChanges(interlock, system),
    restart: async () => {
      await refuseDifferences(server.gateway);
      await server.close();
      return startWorld(folder, system);
    },
    close: () => end(server, folder),
  };
}

const notes = (system: NoteSystem) => ({ system: 'notes', connector: notesConnector(system), settings: {} });

function newSystem(): NoteSystem {
  const system = new NoteSystem();
  system.notes.set('n1', 'plain').set('hr-1', 'salary');
  return system;
}

function optionsOf(folder: string) {
  const keys = [
    key('opener', 'acme', ['open', 'administer'], []),
    key('approver', 'acme', ['approve'], ['managers']),
    key('foreigner', 'evil', ['open', 'act', 'approve', 'administer'], ['managers']),
  ];
  const raw = { data: 'data', policies: ['policies.cedar'], judge: { share: 1 }, keys, listen: { port: 0 } };
  return { config: parseConfig(raw, { file: 'test', baseDirectory: folder }) };
}

async function openAgent(interlock: Interlock): Promise<string> {
  const opener = await interlock.authenticate(KEYS.opener);
  const { id } = await interlock.open(opener, { onBehalfOf: { id: 'ada' } });
  return (await interlock.openSession(opener, id, { agent: 'helper' })).token;
}

async function countChanges(interlock: Interlock, system: NoteSystem): Promise<number> {
  let sum = system.effects.length;
  for (const bearer of [KEYS.opener, KEYS.foreigner]) {
    for (const { version } of await interlock.workflows(await interlock.authenticate(bearer))) sum += version;
  }
  return sum;
}

async function end(server: RunningServer, folder: string): Promise<void> {
  await refuseDifferences(server.gateway);
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
