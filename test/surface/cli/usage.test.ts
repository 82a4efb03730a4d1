import { afterAll, describe, expect, test } from 'vitest';
import { interlock, type Row, wordsOf } from './cli.ts';
import { folderOf } from './folder.ts';

const folder = folderOf({ 'interlock.yaml': 'connectors: {}' });
afterAll(folder.remove);

/** Command lines that cannot be understood: exit 64, nothing on standard output, and the nearest that can be. */
const MISUSE: readonly Row[] = [
  { line: '', code: 64, err: /^Example:/ },
  { line: 'wrokflow', code: 64, err: /unknown command 'wrokflow'\n.*Did you mean workflow\?/ },
  { line: 'workflow', code: 64, err: /Usage: interlock workflow/ },
  { line: 'workflow lst', code: 64, err: /Did you mean list\?/ },
  { line: 'check', code: 64, err: /missing required argument 'file'/ },
  { line: 'check a b', code: 64, err: /too many arguments/ },
  { line: 'check --confg x a', code: 64, err: /unknown option '--confg'\n.*Did you mean --config\?/ },
  { line: 'dev --port abc', code: 64, err: /a port is a number from 0 to 65535/ },
  { line: 'dev --port 65536', code: 64, err: /a port is a number from 0 to 65535/ },
  { line: 'connector simulate x --port 1.5', code: 64, err: /a port is a number from 0 to 65535/ },
  { line: 'approvals approve x', code: 64, err: /required option '-r, --reason <text>' not specified/ },
  { line: 'explain x', code: 64, err: /required option '-w, --workflow <id>'/ },
  { line: 'key a', code: 64, err: /required option/ },
  { line: 'key a --tenant b --rights fly', code: 64, err: /Allowed choices are open, act, approve, administer/ },
  { line: 'workflow show wf --ledger', code: 64, err: /with --ledger, name the --tenant/ },
  { line: 'log prove wf', code: 64, err: /required option '-t, --tenant <id>'/ },
  { line: 'log prove wf -t a -e 0', code: 64, err: /an event is a number from 1 on/ },
  { line: 'log verify --proof proof.json', code: 64, err: /judged by --public-key/ },
  { line: 'log export --tenant a', code: 64, err: /both --tenant and --workflow/ },
];

describe('a command line that cannot be understood', () => {
  for (const { line, code, err } of MISUSE) {
    test.concurrent(`interlock ${line}: ends with ${code} and says what would be right`, async () => {
      const ended = await interlock(wordsOf(line), { cwd: folder.cwd });
      expect(ended).toMatchObject({ code, stdout: '' });
      expect(ended.stderr).toMatch(err ?? /^$/);
      expect(ended.stderr).not.toMatch(/\n\s+at /);
    });

    test.concurrent(`interlock ${line} --json: the same as one object`, async () => {
      const ended = await interlock([...wordsOf(line), '--json'], { cwd: folder.cwd });
      expect(ended).toMatchObject({ code, stdout: '' });
      expect(JSON.parse(ended.stderr)).toEqual({
        code: 'USAGE',
        title: expect.any(String),
        detail: expect.stringMatching(/\S/),
        hint: expect.any(String),
        retryable: false,
      });
    });
  }
});

const LEAVES = [
  ...['dev', 'serve', 'doctor', 'check', 'explain', 'watch', 'key'],
  ...['list', 'show', 'freeze', 'thaw'].map((name) => `workflow ${name}`),
  ...['list', 'show', 'approve', 'deny'].map((name) => `approvals ${name}`),
  ...[
    'policy lint',
    'policy test',
    'log verify',
    'log export',
    'log prove',
    'log drain',
    'connector list',
    'connector simulate',
  ],
  ...['mcp serve', 'mcp propose', 'mcp accept'],
];
const GROUPS = ['', 'workflow', 'approvals', 'policy', 'log', 'connector', 'mcp'];

describe('help', () => {
  for (const command of [...GROUPS, ...LEAVES]) {
    test.concurrent(`interlock ${command} --help: begins with an example of this very command`, async () => {
      const ended = await interlock([...wordsOf(command), '--help'], { cwd: folder.cwd });
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      const [, example = ''] = /^Example: (.+)\n/.exec(ended.stdout) ?? [];
      expect(example).toContain(`interlock ${command}`.trim());
    });
  }

  test('the exit codes and the variables stand in the help of the whole', async () => {
    const { stdout } = await interlock(['--help'], { cwd: folder.cwd });
    expect(stdout).toMatch(/0 .*1 .*2 .*3 .*4 .*5 .*64 /);
    expect(stdout).toContain('INTERLOCK_URL');
  });

  test('the version is the one of the package', async () => {
    const ended = await interlock(['--version'], { cwd: folder.cwd });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});
