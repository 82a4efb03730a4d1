/** Writes the second golden log anew: `node test/golden/write-golden-2.ts`. Never again once it is released. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { goldenConnector } from './golden-connector.ts';
import { fold, nameOf, readStreams } from './golden-log.ts';
import { containmentOf, GOLDEN_2, type Recorded2 } from './golden-log-2.ts';
import { POLICIES_2, SIGNALS_2, tellSecondStory } from './story-2.ts';
import { countingIds, steppingClock } from './test-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'interlock-golden-'));
mkdirSync(join(folder, 'policies'));
writeFileSync(join(folder, 'policies/golden.cedar'), POLICIES_2);
writeFileSync(join(folder, 'policies/golden.signals.yaml'), SIGNALS_2);
const clock = steppingClock(Date.UTC(2026, 1, 1));
const { interlock, policySet } = await startGateway({
  config: parseConfig({ data: 'data', policies: ['policies'] }, { file: 'golden', baseDirectory: folder }),
  connectors: [{ system: 'golden', connector: goldenConnector({ faults: [], marks: new Set() }), settings: {} }],
  clock,
  ids: countingIds(),
  logger: createLogger('warn'),
});
await tellSecondStory({ interlock, clock });
const { hash } = policySet();
await interlock.close();

const log = join(folder, 'data/log.sqlite');
const database = new DatabaseSync(log);
database.exec('PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA journal_mode = DELETE;');
database.close();
rmSync(GOLDEN_2, { recursive: true, force: true });
mkdirSync(join(GOLDEN_2, 'policies'), { recursive: true });
copyFileSync(log, join(GOLDEN_2, 'log.sqlite'));
for (const name of ['golden.cedar', 'golden.signals.yaml'])
  copyFileSync(join(folder, 'policies', name), join(GOLDEN_2, 'policies', name));
const streams = readStreams(log);
const contained = Object.fromEntries(streams.map((stream) => [nameOf(stream.id), containmentOf(fold(stream))]));
writeFileSync(
  join(GOLDEN_2, 'recorded.json'),
  `${JSON.stringify({ policySet: hash, contained } satisfies Recorded2, null, 1)}\n`,
);
rmSync(folder, { recursive: true });
process.stdout.write(`Written to ${GOLDEN_2}: ${streams.length} streams.\n`);
