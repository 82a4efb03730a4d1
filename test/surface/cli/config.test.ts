import { afterAll, describe, expect, test } from 'vitest';
import { interlock, type Row, wordsOf } from './cli.ts';
import { configuration, folderOf, POLICIES } from './folder.ts';

const notes = configuration()['connectors'] as { notes: { use: string } };
const mcp = { use: 'mcp', settings: { url: 'https://mcp.example', credential: { secret: 'env:MCP_TOKEN' } } };

const folder = folderOf({
  'empty.yaml': '',
  'broken.yaml': 'policies: [a\nlisten: {}\n',
  'twice.yaml': 'data: a\ndata: b\n',
  'list.yaml': '- data: a\n',
  'tag.yaml': 'data: !env DATA\n',
  'aliases.yaml': `a: &a [x]\n${Array.from({ length: 12 }, (_, at) => `${'b'.repeat(at + 1)}: &${'b'.repeat(at + 1)} [${Array(9).fill(at === 0 ? '*a' : `*${'b'.repeat(at)}`)}]`).join('\n')}\n`,
  'unknown.yaml': { polices: [], listen: { prot: 1 } },
  'unknown-setting.yaml': configuration({ connectors: { notes: { ...notes.notes, settings: { holdr: 'x' } } } }),
  'unknown-connector.yaml': configuration({ connectors: { a: { use: 'oktaa' } } }),
  'inline.yaml': configuration({
    connectors: { a: { ...mcp, settings: { ...mcp.settings, credential: { secret: 'hunter2' } } } },
  }),
  'missing-secret.yaml': configuration({ connectors: { a: mcp } }),
  'missing-file.yaml': configuration({
    connectors: { a: { ...mcp, settings: { ...mcp.settings, credential: { secret: 'file:nope.txt' } } } },
  }),
  'nobody.yaml': configuration({ keys: [] }),
  'open-house.yaml': configuration({ keys: [], listen: { host: '0.0.0.0', port: 0 } }),
  'simulated.yaml': configuration({ connectors: { ...notes, okta: { use: 'okta', simulate: true } } }),
  'bad-policy.yaml': configuration({ policies: ['bad.cedar'] }),
  'no-policies.yaml': configuration({ policies: ['nowhere'] }),
  // A gateway that cannot read its policies may have made its log already.
  'no-log.yaml': configuration({ policies: ['nowhere'], data: 'no-log' }),
  'redis-alone.yaml': configuration({ redis: { url: 'redis://127.0.0.1:1' } }),
  'bad.cedar': 'permit(principal, action == Action::"notes.note.raed", resource);',
  'folder.yaml/file': '',
  'policies/all.cedar': POLICIES,
});
afterAll(folder.remove);

/** Configurations that do not hold: exit 3, and words that name the place. */
const REFUSED: readonly Row[] = [
  {
    line: 'serve',
    code: 3,
    err: /^CONFIG_INVALID: there is no interlock\.yaml in this folder; name one with --config/,
  },
  { line: 'serve -c nope.yaml', code: 3, err: /^CONFIG_INVALID: nope\.yaml: ENOENT/ },
  { line: 'serve -c folder.yaml', code: 3, err: /^CONFIG_INVALID: folder\.yaml: EISDIR/ },
  { line: 'serve -c broken.yaml', code: 3, err: /^CONFIG_INVALID: broken\.yaml: .* line 2/ },
  { line: 'serve -c twice.yaml', code: 3, err: /^CONFIG_INVALID: twice\.yaml: .*unique/ },
  { line: 'serve -c list.yaml', code: 3, err: /^CONFIG_INVALID: list\.yaml:\n.*expected object/ },
  { line: 'serve -c tag.yaml', code: 3, err: /^CONFIG_INVALID: tag\.yaml: Unresolved tag: !env at line 1/ },
  { line: 'serve -c aliases.yaml', code: 3, err: /^CONFIG_INVALID: aliases\.yaml: Excessive alias count/ },
  {
    line: 'serve -c unknown.yaml',
    code: 3,
    err: /"polices".*did you mean "policies"\?[\s\S]*"prot".*did you mean "port"\?[\s\S]*listen/,
  },
  { line: 'serve -c unknown-setting.yaml', code: 3, err: /notes[\s\S]*"holdr".*did you mean "holder"\?/ },
  { line: 'serve -c unknown-connector.yaml', code: 3, err: /^CONNECTOR_INVALID: the connector oktaa cannot be loaded/ },
  { line: 'serve -c inline.yaml', code: 3, err: /a\.credential\.secret is a secret: write env:NAME or file:path/ },
  { line: 'serve -c missing-secret.yaml', code: 3, err: /^SECRET_MISSING: a: env:MCP_TOKEN is not set/ },
  { line: 'serve -c missing-file.yaml', code: 3, err: /^SECRET_MISSING: a: file:nope\.txt cannot be read/ },
  { line: 'serve -c empty.yaml', code: 3, err: /^CONFIG_INVALID: nobody could call/ },
  { line: 'serve -c nobody.yaml', code: 3, err: /^CONFIG_INVALID: nobody could call/ },
  { line: 'serve -c open-house.yaml', code: 3, err: /^CONFIG_INVALID: nobody could call/ },
  { line: 'serve -c simulated.yaml', code: 3, err: /^CONFIG_INVALID: .*okta.*simulate.*dev/ },
  { line: 'mcp serve -c simulated.yaml', code: 3, err: /^CONFIG_INVALID: .*okta.*simulate.*dev/ },
  { line: 'dev -c open-house.yaml', code: 3, err: /^CONFIG_INVALID: dev listens on loopback only, not on 0\.0\.0\.0/ },
  { line: 'serve -c bad-policy.yaml', code: 3, err: /^POLICY_INVALID: bad\.cedar:1.*notes\.note\.raed/ },
  { line: 'serve -c no-policies.yaml', code: 3, err: /^CONFIG_INVALID: the policies in nowhere cannot be read/ },
  {
    line: 'log verify -c redis-alone.yaml',
    code: 3,
    err: /^CONFIG_INVALID: .*names no ledger: set ledger\.postgres\.url/,
  },
  { line: 'log verify -c no-log.yaml', code: 3, err: /^NOT_FOUND: There is no workflow log at/ },
];

describe('a configuration that does not hold', () => {
  for (const { line, code, err } of REFUSED) {
    test.concurrent(`interlock ${line}: ends with ${code}, names the place, and shows no secret`, async () => {
      const ended = await interlock(wordsOf(line), { cwd: folder.cwd });
      expect(ended.stderr).toMatch(err ?? /^$/);
      expect(ended).toMatchObject({ code, stdout: '' });
      expect(ended.stderr).not.toMatch(/\n\s+at |hunter2/);
    });
  }

  test('with --json the same is one object on standard error', async () => {
    const ended = await interlock(['serve', '-c', 'unknown.yaml', '--json'], { cwd: folder.cwd });
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(JSON.parse(ended.stderr)).toMatchObject({ code: 'CONFIG_INVALID', retryable: false });
  });
});
