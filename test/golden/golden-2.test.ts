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
import { goldenConnector } from './golden-connector.ts';
import { fold, nameOf, readStreams } from './golden-log.ts';
import { containmentOf, GOLDEN_2, readRecorded2 } from './golden-log-2.ts';

// A copy: SQLite keeps files of its own beside one that it reads.
const folder = mkdtempSync(join(tmpdir(), 'interlock-golden-'));
cpSync(GOLDEN_2, folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const FILE = join(folder, 'log.sqlite');
const streams = readStreams(FILE);
const recorded = readRecorded2();
const events = streams.flatMap((stream) => stream.events.map(parseEvent));
const decisions = events.flatMap((event) => (event.type === 'action.decided' ? [event.payload] : []));

describe('the second golden log', () => {
  test('holds what came after the first: containment, an agent’s own word, signals, provenance and persons', () => {
    const types = new Set(events.map(({ type }) => type));
    for (const type of ['scope.frozen', 'scope.thawed', 'quarantine.set', 'quarantine.lifted'] as const)
      expect(types).toContain(type);
    expect(new Set(decisions.flatMap(({ code }) => code ?? []))).toEqual(
      new Set(['DENIED_BY_POLICY', 'AGENT_FROZEN', 'SYSTEM_FROZEN', 'TENANT_FROZEN', 'QUARANTINED']),
    );
    expect(decisions.some(({ decision }) => decision === 'step_up')).toBe(true);
    expect(decisions.some(({ signals = [] }) => signals.length > 0)).toBe(true);
    expect(decisions.some(({ provenance }) => provenance !== undefined)).toBe(true);
    expect(decisions.some(({ seenControls = 0 }) => seenControls > 0)).toBe(true);
    const outcomes = events.flatMap((event) => (event.type === 'action.completed' ? [event.payload.source] : []));
    expect(outcomes).toEqual(expect.arrayContaining(['agent', 'caller', 'execution']));
    expect(JSON.stringify(events)).toContain('"openedByPerson":"olga"');
  });

  test('verifies', async () => {
    const reader = openLogReader({ file: FILE });
    expect((await verifyLog({ reader })).findings).toEqual([]);
    reader.close();
  });

  test.each(streams.map((stream) => [nameOf(stream.id), stream] as const))('folds %s as it did', (name, stream) => {
    expect(containmentOf(fold(stream))).toEqual(recorded.contained[name]);
  });
});

describe('a replay of it', () => {
  let replayed: readonly Replayed[] = [];
  beforeAll(async () => {
    const connector = goldenConnector({ faults: [], marks: new Set() });
    const registry = await Registry.connect([{ system: 'golden', connector, settings: {} }], {
      clock: systemClock,
      baseDirectory: folder,
      log: () => undefined,
    });
    const files = ['golden.cedar', 'golden.signals.yaml'].map((name) => ({
      name,
      text: readFileSync(join(GOLDEN_2, 'policies', name), 'utf8'),
    }));
    const policySet = await loadPolicySet({ files, catalog: registry.catalog });
    const log = await createSqliteLog({ file: FILE, synchronous: 'off' });
    replayed = await replayAlone({ log, registry, policySet });
    await log.close();
    await registry.close();
  });

  test('decides every decision as it was decided, each with its own workflow and what it recorded', () => {
    // What is frozen beside workflows is no part of them, and those decisions say what they saw of it.
    const own = replayed.filter(({ recorded }) => !String(recorded['code']).endsWith('_FROZEN'));
    expect(own.length).toBeGreaterThan(10);
    for (const { recorded, again } of own) expect(withoutSet(again)).toEqual(withoutSet(recorded));
  });
});

/** A later schema may say more without deciding differently; and the tenant's own stream is not replayed. */
function withoutSet(decided: Replayed['again']): unknown {
  const { policySet: _, seenControls: __, ...rest } = decided ?? {};
  return rest;
}
