import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { resourceKey } from '../../../src/action/resource.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { type GovernedMcp, governedMcp, obedientSettings, scratch } from './governed-mcp.ts';
import type { TestTool } from './obedient-server.ts';

const PACKAGES = 'node_modules/@modelcontextprotocol';
const MANIFESTS = join(import.meta.dirname, '../../../connectors/mcp/manifests');

type Use = readonly [operation: string, input: JsonObject];

async function keysOf({ run }: GovernedMcp, [operation, input]: Use): Promise<readonly string[]> {
  return (await run(operation, input)).action.resources.map(resourceKey);
}

async function meet(governed: GovernedMcp, write: Use, read: Use): Promise<boolean> {
  const written = await keysOf(governed, write);
  return (await keysOf(governed, read)).some((key) => written.includes(key));
}

describe('files', () => {
  /** The filesystem server on a folder, its manifest with that folder as root. */
  async function files() {
    const folder = scratch();
    mkdirSync(join(folder, 'a'));
    for (const name of ['a/x.txt', 'a/y.txt']) writeFileSync(join(folder, name), 'open');
    const manifest = join(folder, '..', `${folder.split('/').at(-1)}.yaml`);
    const shipped = parse(readFileSync(join(MANIFESTS, 'filesystem.yaml'), 'utf8'));
    writeFileSync(manifest, stringify({ ...shipped, roots: [folder] }));
    const settings = { command: 'node', args: [`${PACKAGES}/server-filesystem/dist/index.js`, folder], manifest };
    return { folder, governed: await governedMcp(settings, { system: 'files' }) };
  }

  const edits = [{ oldText: 'open', newText: 'open' }];
  const READS: readonly ((path: string) => Use)[] = [
    (path) => ['files.file.read', { path }],
    (path) => ['files.file.read-all', { path }],
    (path) => ['files.media.read', { path }],
    (path) => ['files.files.read', { paths: ['a/x.txt', path] }],
    (path) => ['files.file.describe', { path }],
    (path) => ['files.file.edit', { path, edits, dryRun: true }],
  ];
  const WRITES: readonly ((path: string) => Use)[] = [
    (path) => ['files.file.write', { path, content: 'open' }],
    (path) => ['files.file.edit', { path, edits }],
    (path) => ['files.file.move', { source: 'a/y.txt', destination: path }],
  ];

  test('what any tool writes is met by any tool that reads the same file, however its path is written', async () => {
    const { folder, governed } = await files();
    const spellings = ['a/z.txt', './a//z.txt', 'b/../a/z.txt', `${folder}/a/z.txt`, `${folder}/a/./z.txt`];
    for (const write of WRITES) {
      for (const [i, read] of READS.entries()) {
        const [one, other] = [spellings[i % spellings.length] ?? '', spellings[(i + 3) % spellings.length] ?? ''];
        expect([write(one), read(other), await meet(governed, write(one), read(other))]).toEqual([
          write(one),
          read(other),
          true,
        ]);
      }
    }
  });

  test('another file is not met, unless files were moved', async () => {
    const { governed } = await files();
    const read: Use = ['files.file.read', { path: 'a/x.txt' }];
    expect(await meet(governed, ['files.file.write', { path: 'a/z.txt', content: '' }], read)).toBe(false);
    expect(await meet(governed, ['files.directory.create', { path: 'b' }], read)).toBe(false);
    expect(await meet(governed, ['files.file.move', { source: 'b', destination: 'c' }], read)).toBe(true);
  });

  test.each(['directory.list', 'directory.list-with-sizes', 'directory.tree', 'file.search'])(
    'a name that somebody gave is met by %s of any folder',
    async (operation) => {
      const { folder, governed } = await files();
      const input = { path: folder, ...(operation === 'file.search' && { pattern: '*' }) };
      const list: Use = [`files.${operation}`, input];
      for (const path of ['a/new.txt', 'a/other.txt'])
        expect(await meet(governed, ['files.file.write', { path, content: '' }], list)).toBe(true);
      expect(await meet(governed, ['files.file.edit', { path: 'a/x.txt', edits }], list)).toBe(false);
    },
  );
});

test('whatever is written to the graph is met by whoever reads it whole, searches it or opens that node', async () => {
  const settings = {
    command: 'node',
    args: [`${PACKAGES}/server-memory/dist/index.js`],
    environment: { MEMORY_FILE_PATH: join(scratch(), 'memory.jsonl') },
    manifest: join(MANIFESTS, 'memory.yaml'),
  };
  const governed = await governedMcp(settings, { system: 'notes' });
  const entities = [{ name: 'ada', entityType: 'person', observations: [] }];
  const writes: readonly Use[] = [
    ['notes.entity.create', { entities }],
    ['notes.relation.create', { relations: [{ from: 'bob', to: 'ada', relationType: 'earns 100000, like' }] }],
    ['notes.observation.add', { observations: [{ entityName: 'ada', contents: ['earns 100000'] }] }],
    ['notes.observation.delete', { deletions: [{ entityName: 'ada', observations: ['x'] }] }],
    ['notes.relation.delete', { relations: [{ from: 'bob', to: 'ada', relationType: 'x' }] }],
    ['notes.entity.delete', { entityNames: ['ada'] }],
  ];
  const whole: readonly Use[] = [
    ['notes.graph.read', {}],
    ['notes.node.search', { query: 'x' }],
  ];
  for (const write of writes) {
    for (const read of [...whole, ['notes.node.read', { names: ['ada'] }] as const])
      expect([write[0], read[0], await meet(governed, write, read)]).toEqual([write[0], read[0], true]);
    expect(await meet(governed, write, ['notes.node.read', { names: ['eve'] }])).toBe(false);
  }
});

describe('a store that tools share', () => {
  const TOOLS: readonly TestTool[] = ['post', 'list'].map((name) => ({
    name,
    inputSchema: { type: 'object', properties: {} },
  }));

  test.each([
    { entry: {}, resources: [{ type: 'Mcp::Tool', id: 'list' }] },
    {
      entry: { shares: 'board' },
      resources: [
        { type: 'Mcp::Tool', id: 'list' },
        { type: 'Mcp::Store', id: 'board' },
      ],
    },
    {
      entry: { resource: { type: 'Board::Post' }, shares: ['board', 'names'] },
      resources: [
        { type: 'Board::Post', id: 'list' },
        { type: 'Mcp::Store', id: 'board' },
        { type: 'Mcp::Store', id: 'names' },
      ],
    },
  ])('$entry adds to the resource of a tool', async ({ entry, resources }) => {
    const { settings } = await obedientSettings(TOOLS, { effect: { kind: 'read' }, ...entry });
    const { run, registry } = await governedMcp(settings);
    const { action } = await run('test.tool.list', {});
    expect(action.resources).toEqual(resources);
    const { definition } = registry.operation('test.tool.list');
    expect(new Set(definition.resourceTypes)).toEqual(new Set(resources.map(({ type }) => type)));
  });

  test.each(['The Board', '', []])('%j is not one', async (shares) => {
    const { settings } = await obedientSettings(TOOLS, { effect: { kind: 'read' }, shares });
    await expect(governedMcp(settings)).rejects.toMatchObject({ code: 'CONNECTOR_INVALID' });
  });
});
