/** Writes the golden log of the present format anew: `node test/golden/write-golden.ts`. Never again once it is released. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exportLog } from '../../src/ledger/export-log.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { linesOf } from '../support/lines-of.ts';
import { type GoldenSystem, goldenConnector } from './golden-connector.ts';
import { fold, GOLDEN, isErased, nameOf, type Recorded, readStreams, viewAsJson } from './golden-log.ts';
import { GOLDEN_POLICIES } from './golden-policies.ts';
import { tellStory } from './story.ts';
import { countingIds, steppingClock } from './test-time.ts';

const START = Date.UTC(2026, 0, 1);

const folder = mkdtempSync(join(tmpdir(), 'interlock-golden-'));
const inForce = join(folder, 'policies.cedar');
const setFile = (at: number): string => `policies-${at + 1}.cedar`;

async function play(): Promise<Recorded['policySets']> {
  const system: GoldenSystem = { faults: [], marks: new Set() };
  const clock = steppingClock(START);
  writeFileSync(inForce, GOLDEN_POLICIES[0] ?? '');
  const { interlock, policySet, reloadPolicies } = await startGateway({
    config: parseConfig({ data: 'data', policies: [inForce] }, { file: 'golden', baseDirectory: folder }),
    connectors: [{ system: 'golden', connector: goldenConnector(system), settings: {} }],
    clock,
    ids: countingIds(),
    logger: createLogger('warn'),
  });
  const first = policySet().hash;
  const changePolicies = (): Promise<unknown> => {
    writeFileSync(inForce, GOLDEN_POLICIES[1] ?? '');
    return reloadPolicies('root');
  };
  await tellStory({ interlock, clock, system, changePolicies });
  await interlock.close();
  return { [first]: setFile(0), [policySet().hash]: setFile(1) };
}

/** As an erasure does it: the payload goes, the chain stays. */
function eraseOne(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`UPDATE events SET payload = NULL WHERE type = 'message.sent'
    AND stream = (SELECT id FROM streams WHERE tenant = 'globex')`);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA journal_mode = DELETE;');
  database.close();
}

const policySets = await play();
const log = join(folder, 'data/log.sqlite');
eraseOne(log);
rmSync(GOLDEN, { recursive: true, force: true });
mkdirSync(join(GOLDEN, 'checkpoints'), { recursive: true });
for (const name of ['checkpoints.jsonl', 'checkpoint-key.pub.pem'])
  copyFileSync(join(folder, 'data/checkpoints', name), join(GOLDEN, 'checkpoints', name));
copyFileSync(log, join(GOLDEN, 'log.sqlite'));
for (const [at, text] of GOLDEN_POLICIES.entries()) writeFileSync(join(GOLDEN, setFile(at)), text);
const whole = readStreams(log).filter(({ events }) => !events.some(isErased));
const views = Object.fromEntries(whole.map((stream) => [nameOf(stream.id), viewAsJson(fold(stream))]));
writeFileSync(join(GOLDEN, 'recorded.json'), `${JSON.stringify({ policySets, views } satisfies Recorded, null, 1)}\n`);
const reader = openLogReader({ file: log });
writeFileSync(join(GOLDEN, 'export.jsonl'), [...(await linesOf(exportLog({ reader }))), ''].join('\n'));
reader.close();
rmSync(folder, { recursive: true });
process.stdout.write(`Written to ${GOLDEN}: ${whole.length} workflows to fold.\n`);
