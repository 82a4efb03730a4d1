import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { governedMcp, scratch } from './governed-mcp.ts';

const PACKAGES = 'node_modules/@modelcontextprotocol';

function files() {
  const folder = scratch();
  mkdirSync(join(folder, 'confidential'));
  writeFileSync(join(folder, 'open.txt'), 'open');
  writeFileSync(join(folder, 'confidential/plan.txt'), 'secret plan');
  const settings = {
    command: 'node',
    args: [`${PACKAGES}/server-filesystem/dist/index.js`, folder],
    manifest: 'connectors/mcp/manifests/filesystem.yaml',
  };
  return { folder, settings };
}

describe('the filesystem server with the manifest that comes with the connector', () => {
  test('every tool that it offers is accepted as it is', async () => {
    const { refused, operations } = await governedMcp(files().settings, { system: 'files' });
    expect(operations.length).toBe(14);
    expect(refused).toEqual([]);
  });

  test('reading is a read of that file, and other arguments are refused', async () => {
    const { folder, settings } = files();
    const { run } = await governedMcp(settings, { system: 'files' });
    const { action, outcome } = await run('files.file.read', { path: `${folder}/open.txt` });
    expect(outcome).toMatchObject({ status: 'succeeded', result: { structuredContent: { content: 'open' } } });
    expect(action).toMatchObject({
      effect: { kind: 'read', external: false },
      labels: ['untrusted'],
      resources: [
        { type: 'Files::Path', id: `${folder}/open.txt` },
        { type: 'Mcp::Store', id: 'file-moves' },
      ],
    });
    await expect(run('files.file.read', { path: `${folder}/open.txt`, follow: true })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(run('files.file.read', { path: 7 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('however its path is written, a confidential file is labelled so', async () => {
    const { folder, settings } = files();
    const { run } = await governedMcp(settings, { system: 'files' });
    const spellings = [
      'confidential/plan.txt',
      './confidential//plan.txt',
      'x/../confidential/plan.txt',
      `${folder}/x/.././confidential/plan.txt`,
    ];
    for (const path of spellings) {
      const { action, outcome } = await run('files.file.read', { path });
      expect([path, outcome.status, action.labels]).toEqual([path, 'succeeded', ['untrusted', 'confidential']]);
    }
    const several = await run('files.files.read', { paths: [`${folder}/open.txt`, 'confidential/plan.txt'] });
    expect(several.action.labels).toContain('confidential');
  });

  test('an edit counts as a read only when it is certainly a dry run', async () => {
    const { folder, settings } = files();
    const { run } = await governedMcp(settings, { system: 'files' });
    const edit = { path: `${folder}/open.txt`, edits: [{ oldText: 'open', newText: 'shut' }] };
    expect((await run('files.file.edit', { ...edit, dryRun: true })).action.effect.kind).toBe('read');
    expect(readFileSync(`${folder}/open.txt`, 'utf8')).toBe('open');
    expect((await run('files.file.edit', edit)).action.effect.kind).toBe('update');
    expect(readFileSync(`${folder}/open.txt`, 'utf8')).toBe('shut');
  });

  test('a path outside its folders is a failure of the server', async () => {
    const { run } = await governedMcp(files().settings, { system: 'files' });
    expect((await run('files.file.read', { path: '/etc/hostname' })).outcome).toMatchObject({
      status: 'failed',
      exposed: true,
    });
  });
});

test('the memory server with its manifest writes and counts every entity', async () => {
  const settings = {
    command: 'node',
    args: [`${PACKAGES}/server-memory/dist/index.js`],
    environment: { MEMORY_FILE_PATH: join(scratch(), 'memory.jsonl') },
    manifest: 'connectors/mcp/manifests/memory.yaml',
  };
  const { run, refused } = await governedMcp(settings, { system: 'notes' });
  expect(refused).toEqual([]);
  const entity = (name: string) => ({ name, entityType: 'person', observations: [] });
  const { action, outcome } = await run('notes.entity.create', { entities: [entity('ada'), entity('bob')] });
  expect(action).toMatchObject({
    effect: { kind: 'create', external: true, count: 2 },
    resources: [{ id: 'ada' }, { id: 'bob' }, { type: 'Mcp::Store', id: 'memory-graph' }],
  });
  expect(outcome.status).toBe('succeeded');
  expect((await run('notes.graph.read', {})).outcome).toMatchObject({
    result: { structuredContent: { entities: [{ name: 'ada' }, { name: 'bob' }] } },
  });
});
