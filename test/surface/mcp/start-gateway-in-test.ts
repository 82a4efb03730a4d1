import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interlock, Right } from '../../../src/gate/interlock.ts';
import { sha256 } from '../../../src/lib/digest.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../../../src/workflow/memory-log.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const SERVERS = 'node_modules/@modelcontextprotocol';

/** API keys by what they may do; `mallory` belongs to another tenant. */
export const KEYS = {
  opener: 'key-opener',
  actor: 'key-actor',
  approver: 'key-approver',
  mallory: 'key-mallory',
} as const;

const key = (bearer: string, tenant: string, rights: readonly Right[], groups: readonly string[] = []) => ({
  id: bearer.slice('key-'.length),
  digest: sha256(bearer),
  tenant,
  rights,
  groups,
});

const POLICIES = `
@id("permit-reads")
@title("Agents may read.")
permit (principal, action in Action::"read", resource) when { context.effect.kind == "read" };

@id("permit-notes")
@title("Agents may keep notes.")
permit (principal, action in Action::"notes", resource);

@id("no-leak")
@title("Who has read confidential files writes nothing to the outside.")
forbid (principal in Label::"confidential", action, resource) when { context.effect.external };

@id("ask-before-deleting")
@title("A manager approves each deletion.")
@unless("approval(managers, within: 30m)")
forbid (principal, action == Action::"notes.entity.delete", resource);
`;

export interface TestGateway {
  readonly interlock: Interlock;
  /** What the filesystem server serves: \`open.txt\` and \`confidential/plan.txt\`. */
  readonly files: string;
  /** A session token of an agent, in a workflow of its own. */
  agent(name?: string): Promise<string>;
}

interface TestOptions {
  /** Further connectors by name. */
  readonly connectors?: JsonObject;
  /** Where everything is kept, the log too; default: a new folder, and a log in memory. */
  readonly folder?: string;
}

/** A whole gateway with the real filesystem and memory servers behind it. */
export async function startGatewayInTest({ connectors = {}, folder: kept }: TestOptions = {}): Promise<TestGateway> {
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'interlock-mcp-'));
  const files = join(folder, 'files');
  mkdirSync(join(files, 'confidential'), { recursive: true });
  writeFileSync(join(files, 'open.txt'), 'nothing special');
  writeFileSync(join(files, 'confidential/plan.txt'), 'the secret plan');
  writeFileSync(join(folder, 'test.cedar'), POLICIES);
  const raw = {
    data: join(folder, 'log'),
    policies: [join(folder, 'test.cedar')],
    keys: [
      key(KEYS.opener, 'acme', ['open', 'act']),
      key(KEYS.actor, 'acme', ['act']),
      key(KEYS.approver, 'acme', ['approve'], ['managers']),
      key(KEYS.mallory, 'evil', ['open', 'act']),
    ],
    connectors: {
      files: mcp({
        args: [`${SERVERS}/server-filesystem/dist/index.js`, files],
        manifest: 'connectors/mcp/manifests/filesystem.yaml',
      }),
      notes: mcp({
        args: [`${SERVERS}/server-memory/dist/index.js`],
        environment: { MEMORY_FILE_PATH: join(folder, 'notes.jsonl') },
        manifest: 'connectors/mcp/manifests/memory.yaml',
      }),
      ...connectors,
    },
  };
  const config = parseConfig(raw, { file: 'test', baseDirectory: REPOSITORY });
  const { interlock } = await startGateway({
    config,
    environment: process.env,
    log: kept === undefined ? createMemoryLog() : undefined,
  });
  return {
    interlock,
    files,
    async agent(name = 'planner') {
      const opener = await interlock.authenticate(KEYS.opener);
      const { id } = await interlock.open(opener, { onBehalfOf: { id: 'ada' } });
      return (await interlock.openSession(opener, id, { agent: name })).token;
    },
  };
}

function mcp(settings: JsonObject): JsonObject {
  return { use: 'mcp', settings: { command: 'node', ...settings } };
}
