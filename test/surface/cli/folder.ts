import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256 } from '../../../src/lib/digest.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

const NOTES = join(import.meta.dirname, 'held-notes');

/** Keys of the gateways in these tests, each named after what its holder may do. */
export const KEYS = { admin: 'key-of-root', approver: 'key-of-anna', nobody: 'key-of-nobody' } as const;

export const POLICIES = `
@id("permit-all") @title("Everything is permitted here.") permit(principal, action, resource);
@id("no-evil") @title("Nothing is sent to evil.example.")
forbid(principal, action == Action::"notes.note.send", resource) when { context.input.to like "*evil.example" };
@id("ask") @title("What is sent outside needs a manager.") @unless("approval(managers, within: 30m)")
forbid(principal, action == Action::"notes.note.send", resource);
@id("no-ssn") @title("Social security numbers are not written.") @unless("redact(input.ssn)")
forbid(principal, action == Action::"notes.note.write", resource) when { context.input has ssn };
`;

const keys = [
  key('root', KEYS.admin, ['open', 'act', 'administer']),
  key('anna', KEYS.approver, ['approve', 'administer'], ['managers']),
  key('nobody', KEYS.nobody, []),
];

function key(id: string, secret: string, rights: readonly string[], groups: readonly string[] = []): JsonObject {
  return { id, digest: sha256(secret), tenant: 'acme', rights, groups };
}

/** A whole configuration; JSON is YAML. */
export function configuration(changes: JsonObject = {}): JsonObject {
  return {
    data: 'data',
    listen: { port: 0 },
    policies: ['policies'],
    keys,
    connectors: { notes: { use: NOTES } },
    ...changes,
  };
}

/** A new folder with these files; objects are written as JSON. `remove` takes it away again. */
export function folderOf(files: Readonly<Record<string, string | object>>): {
  readonly cwd: string;
  readonly write: (name: string, content: string | object) => void;
  readonly remove: () => void;
} {
  const cwd = mkdtempSync(join(tmpdir(), 'interlock-cli-'));
  const write = (name: string, content: string | object): void => {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return { cwd, write, remove: () => rmSync(cwd, { recursive: true, force: true }) };
}

/** A folder in which every command works. */
export function workingFolder(changes: JsonObject = {}): ReturnType<typeof folderOf> {
  return folderOf({ 'interlock.yaml': configuration(changes), 'policies/all.cedar': POLICIES });
}
