/** Appends to 16 workflows at once until it is killed, and prints each event after it has become durable. */
import { createSqliteLog } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { Appender } from '../chain-fixture.ts';

const [, , file = '', round = ''] = process.argv;
const log = await createSqliteLog({ file, synchronous: 'full' });

await Promise.all(
  Array.from({ length: 16 }, async (_, i) => {
    const workflow = `wf_${i}`;
    const appender = new Appender(log, { tenant: 'acme', workflow });
    for (let n = 0; ; n++) {
      const text = `${round}/${n}`;
      await appender.append([text]);
      process.stdout.write(`${workflow} ${appender.head?.version} ${text}\n`);
    }
  }),
);
