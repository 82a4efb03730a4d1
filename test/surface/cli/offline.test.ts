import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { interlock, type Row, wordsOf } from './cli.ts';
import { configuration, folderOf, POLICIES } from './folder.ts';

const ALLOWED = { operation: 'notes.note.read', input: { id: 'n1' } };
const READ_HR = [{ operation: 'notes.note.read', labels: ['hr'] }];
const SEND = { operation: 'notes.note.send', input: { id: 'n1', to: 'bob@example.com' } };
const EVIL = { ...SEND, input: { ...SEND.input, to: 'x@evil.example' } };

const NO_HR_OUT = `@id("no-hr-out") @title("What was read in HR is not sent.") @severity("high")
forbid(principal in Label::"hr", action == Action::"notes.note.send", resource);`;

const CASES = [
  { name: 'Reading is allowed', action: ALLOWED, expect: { decision: 'allow', policies: ['permit-all'] } },
  {
    name: 'What was read in HR is not sent',
    history: READ_HR,
    action: SEND,
    expect: { decision: 'deny', policies: ['no-hr-out'] },
    but: [{ when: 'nothing was read', history: [], expect: { decision: 'step_up', policies: ['ask'] } }],
  },
];

const folder = folderOf({
  'interlock.yaml': configuration(),
  'policies/all.cedar': POLICIES + NO_HR_OUT,
  'policies/cases/all.json': CASES,
  'failing.yaml': `- name: Reading is refused\n  action: ${JSON.stringify(ALLOWED)}\n  expect: { decision: deny }\n`,
  'broken.yaml': '- nmae: x\n',
  'no-list.yaml': 'name: x\n',
  'allowed.json': ALLOWED,
  'modified.json': { operation: 'notes.note.write', input: { id: 'n1', text: 'x', ssn: '123' } },
  'held.json': SEND,
  'denied.json': EVIL,
  'told.json': { ...SEND, history: READ_HR, workflow: { mandate: 'Tell Bob.' } },
  'told-otherwise.json': { ...SEND, history: [{ ...READ_HR[0], denied: true }] },
  'unlimited.json': { ...ALLOWED, workflow: { limits: { read: 0 } } },
  'unknown.json': { operation: 'notes.note.burn', input: {} },
  'bad-input.json': { operation: 'notes.note.read', input: { id: 7 } },
  'bad-key.json': { ...ALLOWED, histroy: [] },
  'no-operation.json': { input: {} },
  'list.json': [],
  'twice.json': '{"operation":"notes.note.read","operation":"notes.note.write"}',
  'text.json': 'not JSON',
  'key.pem': String(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })),
  'lint/wrong.cedar':
    'permit(principal, action == Action::"notes.note.raed", resource);\npermit(principal, action, resource) when { context.input.nope };',
  'lint-fine/fine.cedar': POLICIES,
  'lint-doubtful/doubtful.cedar':
    '@id("p") @title("Reads.") permit(principal, action == Action::"notes.note.read", resource) when { context.effect.count > 0 };',
  'exposed.yaml': configuration({ policies: [] }),
});
afterAll(folder.remove);

const ROWS: readonly Row[] = [
  { line: 'check allowed.json', code: 0, out: /^allow\n {2}permit-all: Everything is permitted here\.\n/ },
  { line: 'check -', stdin: JSON.stringify(ALLOWED), code: 0, out: /^allow\n/ },
  { line: 'check modified.json', code: 0, out: /^modify\n[\s\S]*no-ssn: Social[\s\S]*"ssn":"\[redacted\]"/ },
  { line: 'check denied.json', code: 2, out: /^deny \(DENIED_BY_POLICY\)\n {2}no-evil: Nothing is sent/ },
  { line: 'check held.json', code: 4, out: /^step_up\n {2}ask: What is sent outside needs a manager\./ },
  { line: 'check told.json', code: 2, out: /^deny \(DENIED_BY_POLICY\)\n {2}no-hr-out: / },
  { line: 'check told-otherwise.json', code: 4, out: /^step_up\n/ },
  { line: 'check unlimited.json', code: 2, out: /^deny \(LIMIT_REACHED\)\n/ },
  { line: 'check allowed.json -c exposed.yaml', code: 2, out: /^deny \(NO_PERMIT\)\n/ },
  { line: 'check unknown.json', code: 3, err: /^UNKNOWN_OPERATION: .*notes\.note\.burn/ },
  { line: 'check bad-input.json', code: 3, err: /^INVALID_INPUT: .*id/ },
  { line: 'check bad-key.json', code: 3, err: /^INVALID_CALL: .*"histroy" \(did you mean "history"\?\)/s },
  { line: 'check no-operation.json', code: 3, err: /^INVALID_CALL: .*operation/s },
  { line: 'check list.json', code: 3, err: /^INVALID_CALL: / },
  { line: 'check twice.json', code: 3, err: /^DUPLICATE_KEY: / },
  { line: 'check text.json', code: 3, err: /^MALFORMED_JSON: / },
  { line: 'check -', stdin: '', code: 3, err: /^MALFORMED_JSON: / },
  { line: 'check nope.json', code: 3, err: /^FILE_UNREADABLE: .*nope\.json/ },
  { line: 'check policies', code: 3, err: /^FILE_UNREADABLE: EISDIR/ },

  { line: 'policy test', code: 0, out: /^3 passed, 0 failed\n$/ },
  { line: 'policy test policies/cases', code: 0, out: /^3 passed/ },
  {
    line: 'policy test policies/cases failing.yaml',
    code: 1,
    out: /^FAIL failing\.yaml: Reading is refused\n +expected deny, got allow because of permit-all\n3 passed, 1 failed\n$/,
  },
  {
    line: 'policy test broken.yaml',
    code: 3,
    err: /^POLICY_INVALID: broken\.yaml: [\s\S]*"nmae" \(did you mean "name"\?\)/,
  },
  { line: 'policy test no-list.yaml', code: 3, err: /^POLICY_INVALID: no-list\.yaml: .*expected array/s },
  { line: 'policy test nope.yaml', code: 3, err: /^FILE_UNREADABLE: .*nope\.yaml/ },
  { line: 'policy test -c exposed.yaml', code: 3, err: /^CONFIG_INVALID: there are no cases/ },
  {
    line: 'policy test -c exposed.yaml policies/cases/all.json',
    code: 1,
    out: /FAIL[\s\S]*NO_PERMIT[\s\S]*0 passed, 3 failed\n$/,
  },

  { line: 'policy lint', code: 0, out: /^No problems\.\n$/ },
  { line: 'policy lint lint-fine', code: 0, out: /^No problems\.\n$/ },
  {
    line: 'policy lint lint',
    code: 3,
    out: /^lint\/wrong\.cedar:1: [\s\S]*notes\.note\.raed[\s\S]*lint\/wrong\.cedar:2/,
  },
  {
    line: 'policy lint lint-doubtful',
    code: 0,
    out: /^lint-doubtful\/doubtful\.cedar:1:\d+: warning: p: every request .* \(always-holds\)\n {2}Leave/,
  },
  { line: 'policy lint nowhere', code: 3, err: /^CONFIG_INVALID: the policies in nowhere cannot be read/ },

  {
    line: 'connector list',
    code: 0,
    out: /^OPERATION +EFFECTS +REPEAT +DESCRIPTION\nnotes\.note\.read +read +read-only +Reads a note\./,
  },
  {
    line: 'connector simulate ./nowhere',
    code: 3,
    err: /^CONNECTOR_INVALID: the connector \.\/nowhere cannot be loaded/,
  },
  { line: 'connector simulate mcp', code: 3, err: /^CONFIG_INVALID: mcp has no simulated system/ },

  { line: 'mcp propose nothing', code: 3, err: /^NOT_FOUND: the configuration has no connector nothing/ },
  {
    line: 'mcp propose notes',
    code: 3,
    err: /^CONFIG_INVALID: the operations of notes are classified by its connector/,
  },
  { line: 'mcp accept notes tool', code: 3, err: /^CONFIG_INVALID: / },

  {
    line: 'key ada --tenant acme --rights open act --groups g',
    code: 0,
    out: /^ilk_\S{40,}\n\nkeys:\n {2}- \{"id":"ada","digest":"sha256:[0-9a-f]{64}","tenant":"acme","rights":\["open","act"\],"groups":\["g"\]\}\n$/,
  },
  { line: 'key "two words" --tenant acme --rights open', code: 3, err: /^INVALID_CALL: .*an id is letters, digits/s },

  { line: 'log verify --export nope.jsonl', code: 3, err: /^FILE_UNREADABLE: .*nope\.jsonl/ },
  {
    line: 'log verify --export -',
    stdin: 'nonsense\n',
    code: 5,
    out: /^BROKEN log: export: line 1 is no line of an export\n/,
  },
  { line: 'log verify --export -', stdin: '', code: 5, out: /^BROKEN log: export: the export breaks off\n/ },
  { line: 'log verify --proof - --public-key key.pem', stdin: '{}', code: 5, out: /^BROKEN the file is no proof\n$/ },
  { line: 'log verify --proof - --public-key allowed.json', stdin: '{}', code: 3, err: /^CONFIG_INVALID: / },
  { line: 'log verify --ledger', code: 3, err: /^CONFIG_INVALID: .*names no ledger/ },
  { line: 'log drain --once', code: 3, err: /^CONFIG_INVALID: .*names no ledger/ },
  { line: 'log verify --ledger env:NOWHERE', code: 3, err: /^SECRET_MISSING: .*env:NOWHERE/ },
  { line: 'log verify --ledger https://db', code: 3, err: /^CONFIG_INVALID: .*postgres:\/\// },
  {
    line: 'log verify --ledger postgres://me:hunter2@db/x',
    code: 3,
    err: /^CONFIG_INVALID: (?!.*hunter2).*holds a password/,
  },
  { line: 'log verify --export allowed.json --public-key nope.pem', code: 3, err: /^FILE_UNREADABLE: .*nope\.pem/ },
];

describe('without a gateway', () => {
  for (const { line, stdin, code, out, err } of ROWS) {
    const title = `${stdin === undefined ? '' : `${JSON.stringify(stdin)} | `}interlock ${line}`;

    test.concurrent(`${title}: ends with ${code}`, async () => {
      const ended = await interlock(wordsOf(line), { ...folder, stdin });
      expect(ended.stderr).toMatch(err ?? /^$/);
      expect(ended.stdout).toMatch(out ?? /^$/);
      expect(ended.code).toBe(code);
      expect(ended.stderr).not.toMatch(/\n\s+at /);
    });
  }
});

/** One of each kind: the same once more, as data. */
const AS_DATA: readonly (readonly [string, number, unknown])[] = [
  ['check allowed.json', 0, { decision: 'allow', reasons: [{ policy: 'permit-all' }], obligations: [] }],
  ['check denied.json', 2, { decision: 'deny', code: 'DENIED_BY_POLICY', hint: expect.any(String) }],
  ['check modified.json', 0, { decision: 'modify', input: { ssn: '[redacted]' } }],
  ['policy test failing.yaml', 1, { file: 'failing.yaml', name: 'Reading is refused', ok: false }],
  [
    'policy lint lint',
    3,
    {
      place: 'lint/wrong.cedar:1',
      rule: 'refused',
      severity: 'error',
      problem: expect.any(String),
      remedy: expect.any(String),
    },
  ],
  ['connector list', 0, { operation: 'notes.note.read', inputSchema: { type: 'object' } }],
  ['key ada --tenant acme --rights open', 0, { key: expect.any(String), entry: { id: 'ada' } }],
  ['doctor', 0, { check: 'Node.js', ok: true, detail: expect.any(String) }],
];

describe('with --json', () => {
  for (const [line, code, first] of AS_DATA) {
    test.concurrent(`interlock ${line} --json: one object a line, the same exit code`, async () => {
      const ended = await interlock([...wordsOf(line), '--json'], folder);
      expect(ended).toMatchObject({ code, stderr: '' });
      const objects = ended.stdout
        .trimEnd()
        .split('\n')
        .map((text): unknown => JSON.parse(text));
      expect(objects[0]).toMatchObject(first as object);
    });
  }

  test('with --quiet, the exit code alone tells', async () => {
    for (const [line, code] of [
      ['check denied.json', 2],
      ['policy test', 0],
      ['check allowed.json', 0],
    ] as const)
      expect(await interlock([...wordsOf(line), '--quiet'], folder)).toMatchObject({ code, stdout: '', stderr: '' });
    const failed = await interlock(['check', 'text.json', '-q'], folder);
    expect(failed).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^MALFORMED_JSON/) });
  });
});

describe('text from files', () => {
  const HOSTILE = 'a\u001b[2J\u009b31m\u202e\u200bb';
  const HARMLESS = /^[\n\P{C}]*$/u;
  const FILES: Readonly<Record<string, string | object>> = {
    'hostile-case.json': [{ name: HOSTILE, action: ALLOWED, expect: { decision: 'deny', policies: [HOSTILE] } }],
    'hostile-call.json': { ...ALLOWED, [HOSTILE]: 1 },
    'hostile.yaml': { [HOSTILE]: 1 },
    'hostile.cedar': `@id("${HOSTILE}") permit(principal, action, resource);`,
    'hostile.jsonl': `{"export":{"v":1,"scope":"all"}}\n${JSON.stringify({ workflow: { tenant: HOSTILE, workflow: 'w' } })}\n{"end":{"version":3,"hash":""}}\n`,
  };
  for (const [name, content] of Object.entries(FILES)) folder.write(name, content);
  const LINES = [
    'policy test hostile-case.json',
    'policy lint hostile.cedar',
    'check hostile-call.json',
    'doctor -c hostile.yaml',
    'serve -c hostile.yaml',
    'log verify --export hostile.jsonl',
  ];
  for (const line of LINES.flatMap((each) => [each, `${each} --json`])) {
    test.concurrent(`interlock ${line}: shows nothing of it raw`, async () => {
      const { code, stdout, stderr } = await interlock(wordsOf(line), folder);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toMatch(HARMLESS);
      expect(stdout + stderr).toContain('\\u202e');
    });
  }
});

describe('nothing that is only asked changes anything', () => {
  test('check, test, lint and list leave no file behind', async () => {
    const { readdirSync } = await import('node:fs');
    const before = readdirSync(folder.cwd);
    for (const line of ['check allowed.json', 'policy test', 'policy lint', 'connector list', 'doctor'])
      await interlock(wordsOf(line), folder);
    expect(readdirSync(folder.cwd)).toEqual(before);
  });
});
