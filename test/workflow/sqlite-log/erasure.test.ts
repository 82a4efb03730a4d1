import { createMemoryLog } from '../../../src/workflow/memory-log.ts';
import { createSqliteLog } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { describeErasure } from '../erasure-suite.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;

describeErasure('The log in memory', async () => createMemoryLog());
describeErasure('SQLite', () =>
  createSqliteLog({ file: folder.path(`erasing-${files++}/log.sqlite`), synchronous: 'off' }),
);
