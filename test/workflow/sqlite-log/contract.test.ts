import { createSqliteLog } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { describeLog } from '../log-suite.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;

describeLog('SQLite, synced,', () =>
  createSqliteLog({ file: folder.path(`synced-${files++}/log.sqlite`), synchronous: 'full' }),
);
describeLog('SQLite, relaxed,', () =>
  createSqliteLog({ file: folder.path(`relaxed-${files++}/log.sqlite`), synchronous: 'off' }),
);
