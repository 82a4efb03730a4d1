import { chmodSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { randomIds } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { readConfig } from '../../src/runtime/config.ts';
import { doctor } from '../../src/runtime/doctor.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { PolicyJournal } from '../../src/runtime/policy-journal.ts';
import { startServer } from '../../src/runtime/start-server.ts';
import { createSqliteLog } from '../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { Workflows } from '../../src/workflow/workflows.ts';
import { configuration, folderOf, POLICIES } from '../surface/cli/folder.ts';

type Folder = ReturnType<typeof folderOf>;

/** A folder in which all is well, with a log that a gateway has written. */
async function healthy(changes: JsonObject = {}): Promise<Folder> {
  const folder = folderOf({ 'interlock.yaml': configuration(changes), 'policies/all.cedar': POLICIES });
  onTestFinished(folder.remove);
  const { close } = await serve(folder);
  await close();
  return folder;
}

function serve({ cwd }: Folder): ReturnType<typeof startServer> {
  return startServer({ config: readConfig(`${cwd}/interlock.yaml`), logger: createLogger('silent') });
}

/** The findings that are not well, as `check: detail`. */
async function illnesses({ cwd }: Folder, environment: Record<string, string> = {}): Promise<readonly string[]> {
  const found = await doctor({ file: undefined, directory: cwd, environment });
  for (const { ok, remedy } of found) expect(ok ? 'no remedy' : remedy).toBeTruthy();
  return found.filter(({ ok }) => !ok).map(({ check, detail }) => `${check}: ${detail}`);
}

function sql({ cwd }: Folder, statement: string): void {
  const database = new DatabaseSync(`${cwd}/data/log.sqlite`);
  database.exec(statement);
  database.close();
}

test('where all is well, every check says so', async () => {
  const { cwd } = await healthy();
  const found = await doctor({ file: undefined, directory: cwd, environment: {} });
  expect(found.map(({ check, ok }) => [check, ok])).toEqual([
    ['Node.js', true],
    ['configuration', true],
    ['connectors', true],
    ['credential of notes', true],
    ['policies', true],
    ['data folder', true],
    ['workflow log', true],
    ['who may read the log', true],
    ['clock', true],
    ['operators', true],
    ['address', true],
  ]);
});

const TOKEN = { url: 'http://127.0.0.1:1/mcp', credential: { secret: 'env:MCP_TOKEN' } };

/** What is done to a healthy folder, and the one finding that it leads to. */
const ILLNESSES: readonly (readonly [string, (folder: Folder) => void, RegExp])[] = [
  [
    'no configuration',
    ({ cwd }) => rmSync(`${cwd}/interlock.yaml`),
    /^configuration: CONFIG_INVALID: there is no interlock\.yaml in this folder/,
  ],
  ['an unknown key', ({ write }) => write('interlock.yaml', { polices: [] }), /^configuration: .*"policies"/s],
  [
    'a secret that is not there',
    ({ write }) => write('interlock.yaml', configuration({ connectors: { a: { use: 'mcp', settings: TOKEN } } })),
    /^connectors: SECRET_MISSING: a: env:MCP_TOKEN is not set$/,
  ],
  [
    'a connector that does not load',
    ({ write }) => write('interlock.yaml', configuration({ connectors: { a: { use: './nowhere' } } })),
    /^connectors: CONNECTOR_INVALID: the connector \.\/nowhere cannot be loaded/,
  ],
  [
    'a policy with a misspelt operation',
    ({ write }) => write('policies/bad.cedar', 'permit(principal, action == Action::"notes.note.raed", resource);'),
    /^policies: POLICY_INVALID: policies\/bad\.cedar:1/,
  ],
  [
    'policies that are not there',
    ({ write }) => write('interlock.yaml', configuration({ policies: ['nowhere'] })),
    /^policies: CONFIG_INVALID: the policies in nowhere cannot be read/,
  ],
  [
    'a data folder that cannot be one',
    ({ write }) => write('interlock.yaml', configuration({ data: 'interlock.yaml/data' })),
    /^data folder: LOG_UNAVAILABLE: .*interlock\.yaml is not a folder/,
  ],
  [
    'a log with an event changed',
    (folder) => sql(folder, `UPDATE events SET payload = '{"by":"nobody"}'`),
    /^workflow log: LOG_BROKEN: \d+ findings, the first at ~system \/ policies \/ 1: /,
  ],
  ['a file that is no log', ({ write }) => write('data/log.sqlite', 'x'.repeat(4096)), /^workflow log: LOG_BROKEN: /],
  [
    'a log that others may read',
    ({ cwd }) => chmodSync(`${cwd}/data/log.sqlite`, 0o644),
    /^who may read the log: others on this machine, too$/,
  ],
  [
    'a clock behind the log',
    (folder) => sql(folder, `UPDATE streams SET at = ${Date.UTC(2100, 0, 1)}`),
    /^clock: \d+ s behind the last event of the log, 2100-01-01T/,
  ],
  [
    'nobody who could call',
    ({ write }) => write('interlock.yaml', configuration({ keys: [] })),
    /^operators: nobody could call/,
  ],
  [
    'an address of another machine',
    ({ write }) => write('interlock.yaml', configuration({ listen: { host: '192.0.2.1', port: 4000 } })),
    /^address: ADDRESS_UNAVAILABLE: 192\.0\.2\.1:4000: .*EADDRNOTAVAIL/,
  ],
];

for (const [what, provoke, finding] of ILLNESSES) {
  test(`${what} is found, with what to do`, async () => {
    const folder = await healthy();
    provoke(folder);
    expect(await illnesses(folder)).toContainEqual(expect.stringMatching(finding));
  });
}

test('a configuration for `dev` needs no keys', async () => {
  const folder = await healthy();
  const okta = { use: 'okta', simulate: true };
  folder.write('interlock.yaml', configuration({ keys: [], policies: [], connectors: { okta } }));
  expect(await illnesses(folder)).toEqual([]);
});

test('policies that were once evaluated wrongly are found', async () => {
  const folder = await healthy();
  const { gateway, close } = await serve(folder);
  await close();
  const file = `${folder.cwd}/data/log.sqlite`;
  const log = await createSqliteLog({ file, synchronous: 'off' });
  const named = { permits: [], forbids: [], errors: [] };
  const where = { tenant: 'acme', workflow: 'wf', action: 'act', operation: 'notes.note.read' };
  const journal = new PolicyJournal(new Workflows({ log, clock: systemClock, ids: randomIds() }));
  const record = (policySet: string) =>
    journal.disagreed({ policySet, ...where, compiled: named, reference: named }, new AbortController().signal);
  await record(`sha256:${'0'.repeat(64)}`);
  expect(await illnesses(folder)).toEqual([]);
  await record(gateway.policySet().hash);
  await log.close();
  expect(await illnesses(folder)).toEqual([expect.stringContaining('policies: POLICY_ENGINE_FAILED: all valid, but')]);
});

test('a credential that the system refuses is found', async () => {
  const server = createHttpServer((_request, response) => response.writeHead(401).end()).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP, so this is its address
  const folder = await healthy();
  const settings = { origin: `http://127.0.0.1:${port}`, token: 'env:OKTA_TOKEN' };
  folder.write('interlock.yaml', configuration({ connectors: { okta: { use: 'okta', settings } } }));
  expect(await illnesses(folder, { OKTA_TOKEN: 'x' })).toContainEqual(
    expect.stringMatching(/^credential of okta: CREDENTIAL_REFUSED: /),
  );
});

test('an address that something else uses is found; one where a gateway answers is well', async () => {
  const folder = await healthy();
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo; // it listens on TCP, so this is its address
  folder.write('interlock.yaml', configuration({ listen: { port } }));
  other.on('connection', (socket) => socket.destroy());
  expect(await illnesses(folder)).toEqual([`address: ADDRESS_UNAVAILABLE: 127.0.0.1:${port}: something else uses it`]);
  await new Promise((resolve) => other.close(resolve));
  const { close } = await serve(folder);
  onTestFinished(close);
  expect(await illnesses(folder)).toEqual([]);
});
