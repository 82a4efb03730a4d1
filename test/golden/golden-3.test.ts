import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Registry } from '../../src/connector/registry.ts';
import { verifyLog } from '../../src/ledger/verify-log.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { loadPolicySet } from '../../src/policy/load-policy-set.ts';
import { parseEvent } from '../../src/workflow/chain.ts';
import { createSqliteLog } from '../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { type Replayed, replayAlone } from '../gate/replay-alone.ts';
import { goldenConnector3 } from './golden-connector-3.ts';
import { fold, nameOf, readStreams } from './golden-log.ts';
import { GOLDEN_3, knownOf, readRecorded3 } from './golden-log-3.ts';

// A copy: SQLite keeps files of its own beside one that it reads.
const folder = mkdtempSync(join(tmpdir(), 'interlock-golden-'));
cpSync(GOLDEN_3, folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const FILE = join(folder, 'log.sqlite');
const streams = readStreams(FILE);
const recorded = readRecorded3();
const events = streams.flatMap((stream) => stream.events.map(parseEvent));
const decisions = events.flatMap((event) => (event.type === 'action.decided' ? [event.payload] : []));

describe('the third golden log', () => {
  test('holds what came after the second: batches in every state, their parts, and facts', () => {
    const batches = decisions.filter(({ parts }) => parts !== undefined);
    expect(new Set(batches.map(({ decision }) => decision))).toEqual(new Set(['allow', 'deny', 'step_up', 'defer']));
    expect(decisions.filter(({ partOf }) => partOf !== undefined).length).toBeGreaterThan(10);
    expect(batches.some(({ reasons }) => reasons.some(({ part }) => part === 2))).toBe(true);
    const facts = events.flatMap((event) => (event.type === 'fact.observed' ? [event.payload.fact] : []));
    expect(new Set(facts)).toEqual(new Set(['goldenUserRisk', 'goldenSecrets']));
    const outcomes = events.flatMap((event) => (event.type === 'action.completed' ? [event.payload] : []));
    expect(outcomes.some(({ action, status }) => action.includes('#') && status === 'failed')).toBe(true);
  });

  test('verifies', async () => {
    const reader = openLogReader({ file: FILE });
    expect((await verifyLog({ reader })).findings).toEqual([]);
    reader.close();
  });

  test.each(streams.map((stream) => [nameOf(stream.id), stream] as const))('folds %s as it did', (name, stream) => {
    expect(knownOf(fold(stream))).toEqual(recorded.known[name]);
  });
});

describe('a replay of it', () => {
  let replayed: readonly Replayed[] = [];
  beforeAll(async () => {
    const registry = await Registry.connect([{ system: 'golden', connector: goldenConnector3, settings: {} }], {
      clock: systemClock,
      baseDirectory: folder,
      log: () => undefined,
    });
    const text = readFileSync(join(GOLDEN_3, 'policies/golden.cedar'), 'utf8');
    const policySet = await loadPolicySet({ files: [{ name: 'golden.cedar', text }], catalog: registry.catalog });
    const log = await createSqliteLog({ file: FILE, synchronous: 'off' });
    replayed = await replayAlone({ log, registry, policySet });
    await log.close();
    await registry.close();
  });

  test('decides every decision as it was decided; a part is decided with its batch', () => {
    // By the id: when this was recorded, a fact that came let a waiting part go on alone, which then named no batch.
    const wholes = replayed.filter(({ recorded }) => !String(recorded['action']).includes('#'));
    expect(wholes.length).toBeGreaterThan(8);
    for (const { recorded, again } of wholes) expect(withoutSet(again)).toEqual(withoutSet(recorded));
  });
});

/** A later schema may say more without deciding differently. */
function withoutSet(decided: Replayed['again']): unknown {
  const { policySet: _, ...rest } = decided ?? {};
  return rest;
}
