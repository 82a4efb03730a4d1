import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionDecided, EventPayloads, StoredEvent } from '../../src/action/event.ts';
import type { Operator } from '../../src/gate/interlock.ts';
import { exportLog } from '../../src/ledger/export-log.ts';
import { verifyExport } from '../../src/ledger/verify-export.ts';
import { verifyLog } from '../../src/ledger/verify-log.ts';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { eventHash, parseEvent } from '../../src/workflow/chain.ts';
import { createSqliteLog } from '../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { linesOf } from '../support/lines-of.ts';
import { goldenConnector } from './golden-connector.ts';
import {
  fold,
  GOLDEN,
  type GoldenStream,
  isErased,
  nameOf,
  readRecorded,
  readStreams,
  viewAsJson,
} from './golden-log.ts';
import { createReplayer, type Replayer } from './replay.ts';

const EVENT_TYPES: Readonly<Record<keyof EventPayloads, true>> = {
  'workflow.opened': true,
  'session.opened': true,
  'session.revoked': true,
  'message.sent': true,
  'workflow.frozen': true,
  'workflow.thawed': true,
  'action.decided': true,
  'approval.answered': true,
  'action.completed': true,
  'label.endorsed': true,
  'fact.observed': true,
  'quarantine.set': true,
  'quarantine.lifted': true,
  'scope.frozen': true,
  'scope.thawed': true,
  'payloads.erased': true,
  'policy.activated': true,
  'policy.disagreed': true,
};

// A copy: SQLite keeps files of its own beside one that it reads.
const folder = mkdtempSync(join(tmpdir(), 'interlock-golden-'));
cpSync(GOLDEN, folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILE = join(folder, 'log.sqlite');
const checkpointDirectory = join(folder, 'checkpoints');
const recorded = readRecorded();
const streams = readStreams(FILE);
const whole = streams.filter(({ events }) => !events.some(isErased));
const decisions = whole
  .flatMap(({ events }) => events.map(parseEvent))
  .flatMap((event) => (event.type === 'action.decided' ? [event.payload] : []));

/** Came after the first format was recorded; the later recordings have them. */
const LATER: readonly string[] = [
  'fact.observed',
  'payloads.erased',
  'policy.disagreed',
  'quarantine.lifted',
  'quarantine.set',
  'scope.frozen',
  'scope.thawed',
];

describe('the golden log', () => {
  test('holds every type of event, every decision, and an erased payload', () => {
    const types = new Set(streams.flatMap(({ events }) => events.map(({ type }) => type)));
    expect([...types].sort()).toEqual(
      Object.keys(EVENT_TYPES)
        .filter((type) => !LATER.includes(type))
        .sort(),
    );
    const kinds = new Set(decisions.map(({ decision }) => decision));
    expect([...kinds].sort()).toEqual(['allow', 'defer', 'deny', 'modify', 'step_up']);
    expect(streams.flatMap(({ events }) => events).filter(isErased)).toHaveLength(1);
  });

  test('is denied, settled and asked in every way that a gateway has', () => {
    const codes = new Set(decisions.map(({ code }) => code).filter((code) => code !== undefined));
    expect([...codes].sort()).toEqual([
      'APPROVAL_DENIED',
      'APPROVAL_EXPIRED',
      'DENIED_BY_POLICY',
      'FACT_MISSING',
      'LIMIT_REACHED',
      'OBLIGATION_IMPOSSIBLE',
      'POLICY_ERROR',
      'SESSION_REVOKED',
      'WORKFLOW_FROZEN',
    ]);
    const outcomes = whole
      .flatMap(({ events }) => events.map(parseEvent))
      .flatMap((event) =>
        event.type === 'action.completed' ? [`${event.payload.status} ${event.payload.source}`] : [],
      );
    expect([...new Set(outcomes)].sort()).toEqual([
      'accepted execution',
      'failed caller',
      'failed execution',
      'failed read-back',
      'succeeded caller',
      'succeeded execution',
      'succeeded read-back',
      'unknown execution',
      'unknown expiry',
      'unknown read-back',
    ]);
  });

  test('verifies against its checkpoints and their public key, and holds no private one', async () => {
    const reader = openLogReader({ file: FILE });
    const publicKey = readFileSync(join(checkpointDirectory, 'checkpoint-key.pub.pem'), 'utf8');
    const verdict = await verifyLog({ reader, checkpointDirectory, publicKey });
    reader.close();
    expect(verdict.findings).toEqual([]);
    expect(verdict).toMatchObject({ streams: streams.length, erased: 1 });
    expect(verdict.checkpoints).toBeGreaterThan(0);
    expect(readdirSync(checkpointDirectory).sort()).toEqual(['checkpoint-key.pub.pem', 'checkpoints.jsonl']);
  });

  test('is exported as it was exported then, and that export verifies by itself', async () => {
    const reader = openLogReader({ file: FILE });
    const lines = await linesOf(exportLog({ reader }));
    reader.close();
    const then = readFileSync(join(GOLDEN, 'export.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines).toEqual(then);
    expect((await verifyExport({ lines: then, checkpointDirectory })).findings).toEqual([]);
  });

  test.each(whole.map((stream) => [nameOf(stream.id), stream] as const))(
    'folds %s to the view that was recorded',
    (name, stream) => {
      expect(viewAsJson(fold(stream))).toEqual(recorded.views[name]);
    },
  );

  test('refuses to fold a workflow of which a part was erased', () => {
    const erased = streams.filter(({ events }) => events.some(isErased));
    expect(erased).toHaveLength(1);
    for (const stream of erased) expect(() => fold(stream)).toThrow(expect.objectContaining({ code: 'LOG_BROKEN' }));
  });

  test('is gone on with by a gateway of today', async () => {
    cpSync(FILE, join(folder, 'continued.sqlite'));
    const log = await createSqliteLog({ file: join(folder, 'continued.sqlite'), synchronous: 'full' });
    const policies = [join(GOLDEN, 'policies-2.cedar')];
    const { interlock } = await startGateway({
      config: parseConfig({ policies }, { file: 'golden', baseDirectory: folder }),
      connectors: [{ system: 'golden', connector: goldenConnector({ faults: [], marks: new Set() }), settings: {} }],
      log,
      logger: createLogger('silent'),
    });
    const operator: Operator = {
      kind: 'operator',
      id: 'opener',
      tenant: 'acme',
      rights: new Set(['open']),
      groups: [],
    };
    for (const { tenant, workflow } of whole.map(({ id }) => id).filter(({ tenant }) => tenant === operator.tenant)) {
      const { token } = await interlock.openSession(operator, workflow, { agent: 'late' });
      const agent = await interlock.authenticate(token);
      const call = { operation: 'golden.doc.read', input: { id: 'doc-1' } };
      expect(await interlock.run(agent, call), `${tenant}/${workflow}`).toMatchObject({ decision: 'allow' });
    }
    await interlock.close();
    const reader = openLogReader({ file: join(folder, 'continued.sqlite') });
    expect((await verifyLog({ reader })).findings).toEqual([]);
    reader.close();
  });
});

describe('a replay', () => {
  let replayer: Replayer;
  beforeAll(async () => {
    replayer = await createReplayer(recorded);
  });

  test('decides every recorded decision as it was decided, on the version that it saw', () => {
    const replays = whole.map((stream) => replayer.replay(stream));
    expect(replays.flatMap(({ differences }) => differences)).toEqual([]);
    expect(replays.reduce((sum, replay) => sum + replay.decisions, 0)).toBe(decisions.length);
  });

  test('needs nothing but the log: each decision saw the version right before it', () => {
    const events = whole.flatMap((stream) => stream.events.map(parseEvent));
    const seen = events.flatMap(({ type, seq, payload }) =>
      type === 'action.decided' ? [[payload.action, seq - 1, payload.seen]] : [],
    );
    expect(seen).toEqual(seen.map(([action, before]) => [action, before, before]));
  });

  const FORGED: readonly [title: string, action: string, change: (decided: ActionDecided) => Partial<ActionDecided>][] =
    [
      ['a deny that became an allow', 'leak-own', () => ({ decision: 'allow', code: undefined })],
      ['an allow that became a deny', 'write', () => ({ decision: 'deny', code: 'NO_PERMIT' })],
      [
        'another reason',
        'leak-own',
        ({ reasons }) => ({ reasons: reasons.map((reason) => ({ ...reason, title: 'x' })) }),
      ],
      ['another input', 'cap', ({ input }) => ({ input: { ...input, copies: 9 } })],
      ['an obligation that is gone', 'read-hr', () => ({ resultObligations: [] })],
      ['another digest', 'write', () => ({ digest: sha256('') })],
      ['an approval that was not needed', 'both-say-yes', () => ({ consumes: [] })],
      ['another version seen', 'write', ({ seen }) => ({ seen: seen - 1 })],
      ['a later deadline', 'recall', ({ deadline }) => (deadline === undefined ? {} : { deadline: deadline + 1 })],
    ];
  test.each(FORGED)('notices %s, there and nowhere before', (_title, action, change) => {
    const [seq, stream] = forge(action, change);
    const [first] = replayer.replay(stream).differences;
    expect(first).toMatchObject({ seq, action });
  });

  test('notices a policy that decides otherwise, wherever it does', async () => {
    const weaker = (file: string): string =>
      readFileSync(join(GOLDEN, file), 'utf8').replace('principal in Label::"hr"', 'principal in Label::"secret"');
    const other = await createReplayer(recorded, weaker);
    const changed = whole.flatMap((stream) => other.replay(stream).differences).map((found) => found.action);
    expect(changed).toEqual(expect.arrayContaining(['leak-own', 'leak-told', 'inherited']));
    expect(changed).not.toContain('send-before');
  });
});

/** The workflow in which the last decision on the action was changed, and all that follows chained anew. */
function forge(action: string, change: (decided: ActionDecided) => Partial<ActionDecided>): [number, GoldenStream] {
  for (const { id, events } of whole) {
    const at = events.findLastIndex((stored) => isDecisionOn(stored, action, change));
    const found = events[at];
    if (found === undefined) continue;
    const payload = JSON.parse(found.payload ?? '{}');
    const text = canonicalJson({
      ...payload,
      ...JSON.parse(JSON.stringify(change(payload))),
      ...erasedBy(change(payload)),
    });
    return [found.seq, { id, events: rechained(events.with(at, { ...found, payload: text })) }];
  }
  throw new Error(`there is no decision on ${action} to forge`);
}

function isDecisionOn(stored: StoredEvent, action: string, change: (decided: ActionDecided) => object): boolean {
  const event = parseEvent(stored);
  return (
    event.type === 'action.decided' && event.payload.action === action && Object.keys(change(event.payload)).length > 0
  );
}

/** What the change takes away: canonical JSON leaves out members that are undefined. */
function erasedBy(change: object): Record<string, undefined> {
  return Object.fromEntries(
    Object.entries(change).flatMap(([name, value]) => (value === undefined ? [[name, undefined]] : [])),
  );
}

function rechained(events: readonly StoredEvent[]): StoredEvent[] {
  const out: StoredEvent[] = [];
  for (const event of events) {
    const prev = out.at(-1)?.hash ?? event.prev;
    const unsigned = { ...event, prev, payloadDigest: sha256(event.payload ?? '') };
    out.push({ ...unsigned, hash: eventHash(unsigned) });
  }
  return out;
}
