import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { describeLog } from './log-suite.ts';

describeLog('The log in memory', async () => createMemoryLog());
