/** Writes the third golden log anew: `node test/golden/write-golden-3.ts`. Never again once it is released. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { goldenConnector3 } from './golden-connector-3.ts';
import { fold, nameOf, readStreams } from './golden-log.ts';
import { GOLDEN_3, knownOf, type Recorded3 } from './golden-log-3.ts';
import { POLICIES_3, tellThirdStory } from './story-3.ts';
import { countingIds, steppingClock } from './test-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'interlock-golden-'));
mkdirSync(join(folder, 'policies'));
writeFileSync(join(folder, 'policies/golden.cedar'), POLICIES_3);
const clock = steppingClock(Date.UTC(2026, 2, 1));
const { interlock, policySet } = await startGateway({
  config: parseConfig({ data: 'data', policies: ['policies'] }, { file: 'golden', baseDirectory: folder }),
  connectors: [{ system: 'golden', connector: goldenConnector3, settings: {} }],
  clock,
  ids: countingIds(),
  logger: createLogger('warn'),
});
await tellThirdStory({ interlock, clock });
const { hash } = policySet();
await interlock.close();

const log = join(folder, 'data/log.sqlite');
const database = new DatabaseSync(log);
database.exec('PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA journal_mode = DELETE;');
database.close();
rmSync(GOLDEN_3, { recursive: true, force: true });
mkdirSync(join(GOLDEN_3, 'policies'), { recursive: true });
copyFileSync(log, join(GOLDEN_3, 'log.sqlite'));
copyFileSync(join(folder, 'policies/golden.cedar'), join(GOLDEN_3, 'policies/golden.cedar'));
const streams = readStreams(log);
const known = Object.fromEntries(streams.map((stream) => [nameOf(stream.id), knownOf(fold(stream))]));
writeFileSync(
  join(GOLDEN_3, 'recorded.json'),
  `${JSON.stringify({ policySet: hash, known } satisfies Recorded3, null, 1)}\n`,
);
rmSync(folder, { recursive: true });
process.stdout.write(`Written to ${GOLDEN_3}: ${streams.length} streams.\n`);
