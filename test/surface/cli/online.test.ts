import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/lib/errors.ts';
import { interlock, start, wordsOf } from './cli.ts';
import { KEYS, workingFolder } from './folder.ts';
import { type Agent, type RunningGateway, startGateway, stop } from './gateway.ts';

const folder = workingFolder();
let gateway: RunningGateway;
let agent: Agent;
/** What stands for `$NAME` on the command lines. */
const names: Record<string, string> = { NONE: 'wf_none' };

beforeAll(async () => {
  gateway = await startGateway(folder.cwd);
  agent = await gateway.agent({ mandate: 'Tell Bob.' });
  names['W'] = agent.workflow;
  await agent.run('notes.note.read', { id: 'n1' }, 'reads');
  await agent.run('notes.note.write', { id: 'n2', text: 'x', ssn: '123-45-6789' }, 'modified');
  await agent.run('notes.note.send', { id: 'n1', to: 'x@evil.example' }, 'denied');
  names['TWICE'] = await asked('twice');
  names['ONCE'] = await asked('once');
  names['OPEN'] = await asked('open');
});

afterAll(async () => {
  await stop(gateway);
  folder.remove();
});

/** Has an action held; answers the id of the approval that it waits for. */
async function asked(id: string, of: Agent = agent): Promise<string> {
  const held = await of.run('notes.note.send', { id: 'n1', to: 'bob@example.com' }, id);
  return String((held['approval'] as { ids: readonly string[] }).ids[0]);
}

function expand(line: string): readonly string[] {
  return wordsOf(line).map((word) => word.replace(/\$([A-Z]+)/, (_, name: string) => names[name] ?? ''));
}

const PROBLEM = { title: expect.any(String), hint: expect.any(String), retryable: expect.any(Boolean) };
const APPROVER = { INTERLOCK_KEY: KEYS.approver };
const NOBODY = { INTERLOCK_KEY: KEYS.nobody };

interface Row {
  readonly line: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly out?: RegExp;
  readonly error?: ErrorCode;
  readonly detail?: RegExp;
}

const ROWS: readonly Row[] = [
  { line: 'workflow list', code: 0, out: /^ID +VERSION.*\n(.*\n)*wf_\S+ +\d+ +3 / },
  { line: 'workflow list', env: NOBODY, code: 1, error: 'FORBIDDEN' },
  { line: 'workflow list', env: { INTERLOCK_KEY: 'wrong' }, code: 1, error: 'UNAUTHENTICATED' },
  {
    line: 'workflow list',
    env: { INTERLOCK_KEY: 'two\nlines' },
    code: 3,
    error: 'CONFIG_INVALID',
    detail: /INTERLOCK_KEY /,
  },
  {
    line: 'workflow list',
    env: { INTERLOCK_KEY: '' },
    code: 3,
    error: 'CONFIG_INVALID',
    detail: /set INTERLOCK_URL and INTERLOCK_KEY/,
  },
  {
    line: 'workflow list',
    env: { INTERLOCK_URL: 'nonsense' },
    code: 3,
    error: 'CONFIG_INVALID',
    detail: /INTERLOCK_URL /,
  },
  {
    line: 'workflow list',
    env: { INTERLOCK_URL: 'ftp://127.0.0.1' },
    code: 3,
    error: 'CONFIG_INVALID',
    detail: /INTERLOCK_URL /,
  },
  {
    line: 'workflow list',
    env: { INTERLOCK_URL: 'http://127.0.0.1:1' },
    code: 1,
    error: 'SYSTEM_UNAVAILABLE',
    detail: /no gateway answers at/,
  },
  {
    line: 'workflow show $W',
    code: 0,
    out: /mandate +Tell Bob\.[\s\S]*helper[\s\S]*notes\.note\.send +deny +denied +denied\n/,
  },
  { line: 'workflow show $NONE', code: 3, error: 'NOT_FOUND' },
  { line: 'workflow show ../../livez', code: 3, error: 'INVALID_CALL' },
  { line: 'approvals list', code: 1, env: NOBODY, error: 'FORBIDDEN' },
  {
    line: 'approvals list',
    env: APPROVER,
    code: 0,
    out: /^ID +STATE[\s\S]*pending +managers +notes\.note\.send +helper +ada/,
  },
  {
    line: 'approvals show $OPEN',
    env: APPROVER,
    code: 0,
    out: /notes\.note\.send is pending, asked of managers[\s\S]*"to": "bob@example\.com"[\s\S]*What is sent outside needs a manager\.[\s\S]*sha256:/,
  },
  { line: 'approvals show nope', env: APPROVER, code: 3, error: 'NOT_FOUND' },
  { line: 'approvals approve $OPEN --reason mine', code: 1, error: 'FORBIDDEN' },
  { line: 'approvals approve nope --reason x', env: APPROVER, code: 3, error: 'NOT_FOUND' },
  { line: 'approvals deny $OPEN --reason ""', env: APPROVER, code: 3, error: 'INVALID_CALL' },
  {
    line: 'explain reads -w $W',
    code: 0,
    out: /^allow notes\.note\.read by helper for ada\n[\s\S]*policy +permit permit-all at policies\/all\.cedar:2/,
  },
  {
    line: 'explain modified -w $W',
    code: 0,
    out: /^modify notes\.note\.write[\s\S]*input .*123-45[\s\S]*final .*redacted[\s\S]*no-ssn at policies\/all\.cedar:\d+.*, unless redact\(input\.ssn\)/,
  },
  {
    line: 'explain denied -w $W',
    code: 0,
    out: /^deny notes\.note\.send[\s\S]*because +Nothing is sent to evil\.example\.[\s\S]*forbid no-evil/,
  },
  {
    line: 'explain open -w $W',
    code: 0,
    out: /^step_up notes\.note\.send[\s\S]*forbid ask at .*, unless approval\(managers, within: 30m\)/,
  },
  { line: 'explain nothing -w $W', code: 3, error: 'NOT_FOUND' },
  { line: 'explain reads -w $NONE', code: 3, error: 'NOT_FOUND' },
  // Last, because a gateway that has just started has no checkpoint yet.
  { line: 'log verify', code: 0, out: /^\d+ workflows, \d+ events, [1-9]\d* checkpoints: whole\n$/ },
];

describe('beside a running gateway', () => {
  for (const { line, env = {}, code, out, error, detail } of ROWS) {
    const title = [...Object.entries(env).map((pair) => pair.join('=')), 'interlock', line].join(' ');
    const place = () => ({ ...folder, env: { ...gateway.env(), ...env } });

    test.concurrent(`${title}: ends with ${code}`, async () => {
      const ended = await interlock(expand(line), place());
      expect(ended.code).toBe(code);
      expect(ended.stdout).toMatch(out ?? /^$/);
      expect(ended.stderr).toMatch(error === undefined ? /^$/ : new RegExp(`^${error}: `));
      expect(ended.stderr).toMatch(detail ?? /^/);
      expect(ended.stderr).not.toMatch(/\n\s+at /);
    });

    test.concurrent(`${title} --json: one object a line`, async () => {
      const ended = await interlock([...expand(line), '--json'], place());
      expect(ended.code).toBe(code);
      const [used, unused] = code === 0 ? [ended.stdout, ended.stderr] : [ended.stderr, ended.stdout];
      expect(unused).toBe('');
      const objects = used
        .trimEnd()
        .split('\n')
        .map((text): unknown => JSON.parse(text));
      if (error !== undefined) expect(objects).toMatchObject([{ code: error, ...PROBLEM }]);
    });
  }
});

describe('answering an approval', () => {
  const run = (line: string) => interlock(expand(line), { ...folder, env: gateway.env(KEYS.approver) });

  test('lets the action happen once; a second answer is refused, whatever it says', async () => {
    expect(await run('approvals approve $TWICE --reason "as agreed"')).toMatchObject({
      code: 0,
      stdout: 'approved: notes.note.send\n',
    });
    for (const answer of ['approve', 'deny']) {
      expect(await run(`approvals ${answer} $TWICE --reason again`)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^APPROVAL_ANSWERED: /),
      });
    }
    const { stdout } = await run('approvals show $TWICE');
    expect(stdout).toMatch(/answered +approve by anna: as agreed/);
    expect((await run('approvals list --all')).stdout).toContain(names['TWICE']);
  });

  test('a refusal reaches the agent as a deny', async () => {
    expect(await run('approvals deny $ONCE --reason "not now"')).toMatchObject({
      code: 0,
      stdout: 'refused: notes.note.send\n',
    });
    const again = await agent.run('notes.note.send', { id: 'n1', to: 'bob@example.com' }, 'once');
    expect(again).toMatchObject({ decision: 'deny', code: 'APPROVAL_DENIED' });
  });
});

test('a frozen workflow denies everything until it is thawed', async () => {
  const { workflow, run } = await gateway.agent();
  const command = (name: string) =>
    interlock(['workflow', name, workflow, '--reason', 'looking into it'], { ...folder, env: gateway.env() });
  expect(await command('freeze')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^frozen at version \d+\n$/),
  });
  expect(await run('notes.note.read', { id: 'n1' })).toMatchObject({ decision: 'deny', code: 'WORKFLOW_FROZEN' });
  expect(await command('thaw')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^thawed at version \d+\n$/) });
  expect(await run('notes.note.read', { id: 'n1' })).toMatchObject({ decision: 'allow' });
});

describe('watch', () => {
  test('shows each event as it falls, and ends in order at Ctrl-C', async () => {
    const watching = start(['watch'], { ...folder, env: gateway.env() });
    const { run } = await gateway.agent();
    let denied: Promise<unknown> = Promise.resolve();
    const seen = watching.until('stdout', /deny notes\.note\.send: Nothing is sent to evil\.example/);
    // It may not listen yet: what happened before is not shown.
    let isSeen = false;
    void seen.then(() => {
      isSeen = true;
    });
    for (let at = 0; !isSeen; at++) {
      denied = run('notes.note.send', { id: 'n1', to: 'x@evil.example' }, `leak-${at}`);
      await denied;
    }
    watching.process.kill('SIGINT');
    expect(await watching.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('without the right to it, it is refused', async () => {
    expect(await interlock(['watch'], { ...folder, env: gateway.env(KEYS.nobody) })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^FORBIDDEN: /),
    });
  });
});
