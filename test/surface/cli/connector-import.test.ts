import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { interlock } from './cli.ts';
import { configuration, folderOf } from './folder.ts';

const EXAMPLES = join(import.meta.dirname, '../../../docs/gateways');
const TOOLS = {
  tools: [
    {
      name: 'send_mail',
      description: 'Sends it.',
      inputSchema: { type: 'object', properties: { to: { type: 'string' } } },
    },
    { type: 'function', function: { name: 'get_mail', parameters: { type: 'object', properties: {} } } },
    { name: 'wipe', input_schema: { type: 'object' } },
  ],
};

const settings = { url: 'https://billing.example/v1', description: 'billing.yaml', manifest: 'billing.manifest.yaml' };
const folder = folderOf({
  'interlock.yaml': configuration({ connectors: { billing: { use: 'openapi', settings } } }),
  'billing.yaml': readFileSync(join(EXAMPLES, 'billing.openapi.yaml'), 'utf8'),
  'tools.json': JSON.stringify(TOOLS),
  'tools-only.json': JSON.stringify(TOOLS.tools),
});
afterAll(folder.remove);

const run = (...args: string[]) => interlock(['connector', ...args], folder);
const KEY = 'DELETE /invoices/{invoiceId}';

test('a description is taken in: proposed, classified by somebody, and pinned again when it has changed', async () => {
  const proposed = await run('import', 'openapi', 'billing.yaml');
  expect([proposed.code, proposed.stderr]).toEqual([0, '']);
  for (const entry of Object.values(parse(proposed.stdout).operations)) {
    expect(entry).toMatchObject({ pin: expect.stringMatching(/^sha256:/), reason: expect.any(String) });
    expect(entry).not.toHaveProperty('effect');
  }
  folder.write('billing.manifest.yaml', proposed.stdout);
  const tooEarly = await run('accept', 'billing', KEY);
  expect([tooEarly.code, tooEarly.stderr]).toEqual([3, expect.stringContaining('OPERATION_UNCLASSIFIED')]);

  const manifest = parseDocument(proposed.stdout);
  manifest.setIn(['operations', KEY, 'effect'], { kind: 'delete' });
  folder.write('billing.manifest.yaml', manifest.toString());
  const changed = readFileSync(join(folder.cwd, 'billing.yaml'), 'utf8').replace(
    'Delete an invoice',
    'Delete two invoices',
  );
  folder.write('billing.yaml', changed);
  const accepted = await run('accept', 'billing', KEY, '--json');
  const { pin } = JSON.parse(accepted.stdout);
  expect(pin).not.toBe(manifest.getIn(['operations', KEY, 'pin']));
  const written = readFileSync(join(folder.cwd, 'billing.manifest.yaml'), 'utf8');
  expect(parse(written).operations[KEY]).toMatchObject({ pin, effect: { kind: 'delete' } });
  expect((await run('accept', 'billing', 'GET /nothing')).code).toBe(3);
});

test.each(['tools.json', 'tools-only.json'])(
  'a list of tools in %s is taken in, in whichever shape each tool has',
  async (file) => {
    const { code, stdout } = await run('import', 'manifest', file, '--json');
    expect(code).toBe(0);
    const { tools } = parse(JSON.parse(stdout).manifest);
    expect(
      Object.entries<{ proposal: { kind: string } }>(tools).map(([name, { proposal }]) => [name, proposal.kind]),
    ).toEqual([
      ['send_mail', 'communicate'],
      ['get_mail', 'read'],
      ['wipe', 'execute'],
    ]);
  },
);

test('what is no description is said to be none', async () => {
  for (const [kind, file] of [
    ['openapi', 'tools.json'],
    ['manifest', 'billing.yaml'],
    ['openapi', 'missing.yaml'],
  ] as const) {
    const { code, stderr } = await run('import', kind, file);
    expect([code, stderr]).toEqual([3, expect.stringContaining('CONNECTOR_INVALID')]);
  }
  expect((await run('import', 'mcp', 'nobody')).code).toBe(3);
  expect((await run('import', 'other', 'x')).code).toBe(64);
});
