import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parseDocument } from 'yaml';
import { BIN, interlock, start } from './cli.ts';
import { configuration, folderOf } from './folder.ts';

const SERVER = join(import.meta.dirname, '../../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');
const POLICY = '@id("read") @title("Files may be read.") permit(principal, action in Action::"read", resource);';

const folder = folderOf({ 'files/open.txt': 'hello', 'policies/all.cedar': POLICY });
afterAll(folder.remove);

const manifest = join(folder.cwd, 'tools.yaml');
const pinOf = (tool: string): unknown => parseDocument(readFileSync(manifest, 'utf8')).getIn(['tools', tool, 'pin']);
const run = (...args: string[]) => interlock(['mcp', ...args], folder);

/** What a person does with a proposal that they have read. */
function classify(tool: string): void {
  const document = parseDocument(readFileSync(manifest, 'utf8'));
  document.setIn(['tools', tool, 'effect'], { kind: 'read', external: false });
  document.deleteIn(['tools', tool, 'proposal']);
  document.deleteIn(['tools', tool, 'pin']);
  folder.write('tools.yaml', document.toString());
}

/** The SDK's own client of `interlock mcp serve`. */
async function client(): Promise<Client> {
  const connected = new Client({ name: 'test', version: '1' });
  const args = [BIN, 'mcp', 'serve', '--user', 'ada'];
  await connected.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd: folder.cwd, stderr: 'ignore' }),
  );
  onTestFinished(() => connected.close());
  return connected;
}

beforeAll(() => {
  const settings = { command: 'node', args: [SERVER, join(folder.cwd, 'files')], manifest: 'tools.yaml' };
  folder.write('interlock.yaml', configuration({ connectors: { files: { use: 'mcp', settings } } }));
});

describe('an MCP server on its way under governance', () => {
  test('propose lists every tool with its pin, and none of them with an effect', async () => {
    const { code, stdout, stderr } = await run('propose', 'files');
    expect([code, stderr]).toEqual([0, '']);
    const { tools } = parseDocument(stdout).toJS() as { tools: Record<string, object> };
    expect(Object.keys(tools).length).toBe(14);
    for (const tool of Object.values(tools)) {
      expect(tool).toMatchObject({ pin: expect.stringMatching(/^sha256:/), proposal: expect.any(Object) });
      expect(tool).not.toHaveProperty('effect');
    }
    folder.write('tools.yaml', stdout);
    const asData = await run('propose', 'files', '--json');
    expect(JSON.parse(asData.stdout)).toEqual({ system: 'files', manifest: stdout.trimEnd() });
  });

  test('a tool without an effect cannot be accepted, an unknown one neither', async () => {
    expect(await run('accept', 'files', 'read_text_file')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^OPERATION_UNCLASSIFIED: give the tool "read_text_file" an effect/),
    });
    expect(await run('accept', 'files', 'burn')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^NOT_FOUND: the server offers no tool "burn"/),
    });
  });

  test('accept writes the pin of the present definition, and keeps the rest of the file', async () => {
    classify('read_text_file');
    const { code, stdout } = await run('accept', 'files', 'read_text_file');
    expect([code, stdout]).toEqual([0, `read_text_file of files is pinned at ${String(pinOf('read_text_file'))}\n`]);
    expect(readFileSync(manifest, 'utf8')).toContain('# Every tool below is unclassified');
    expect(pinOf('read_text_file')).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('serve executes what was accepted and records it; the rest is refused', async () => {
    const agent = await client();
    const path = join(folder.cwd, 'files/open.txt');
    const read = await agent.callTool({ name: 'files_tool_read-text-file', arguments: { path } });
    expect(read.structuredContent).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    const write = await agent.callTool({ name: 'files_tool_write-file', arguments: { path, content: 'x' } });
    expect(write).toMatchObject({ isError: true, structuredContent: { code: 'OPERATION_UNCLASSIFIED' } });
    const unknown = await agent.callTool({ name: 'files_tool_burn', arguments: {} });
    expect(unknown).toMatchObject({ isError: true, structuredContent: { code: 'UNKNOWN_OPERATION' } });
    await agent.close();
    const { stdout } = await interlock(['log', 'verify'], folder);
    expect(stdout).toMatch(/^2 workflows, \d+ events, [1-9]\d* checkpoints: whole\n$/);
  });

  test('a changed definition is refused until it is accepted', async () => {
    const accepted = readFileSync(manifest, 'utf8');
    folder.write('tools.yaml', accepted.replace(String(pinOf('read_text_file')), `sha256:${'0'.repeat(64)}`));
    const path = join(folder.cwd, 'files/open.txt');
    const agent = await client();
    const read = await agent.callTool({ name: 'files_tool_read-text-file', arguments: { path } });
    expect(read).toMatchObject({ isError: true, structuredContent: { code: 'OPERATION_CHANGED' } });
    await agent.close();
    expect(await run('accept', 'files', 'read_text_file')).toMatchObject({ code: 0 });
    expect(readFileSync(manifest, 'utf8')).toBe(accepted);
  });
});

test('a server that cannot be started is an error with a code', async () => {
  const broken = { use: 'mcp', settings: { command: 'node', args: ['nowhere.mjs'], manifest: 'tools.yaml' } };
  folder.write('broken.yaml', configuration({ connectors: { files: broken } }));
  const { code, stdout, stderr } = await run('propose', 'files', '-c', 'broken.yaml');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/SYSTEM_UNAVAILABLE: /);
  expect(stderr).not.toMatch(/\n\s+at .*src\//);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends an idle MCP server in order: its log ends under a checkpoint`, async () => {
    const serving = start(['mcp', 'serve'], { ...folder, stdin: null });
    serving.process.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    await serving.until('stdout', /"id":1/);
    serving.process.kill(signal);
    expect(await serving.ended).toMatchObject({ code: 0, signal: null });
    expect(await interlock(['log', 'verify'], folder)).toMatchObject({ code: 0 });
  });
}
