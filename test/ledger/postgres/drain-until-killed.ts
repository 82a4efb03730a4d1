/** `node drain-until-killed.ts FILE URL CHECKPOINTS`: drains without end; says `ready` behind the first batch of each tenant. */
import { createLedgerDrain } from '../../../src/ledger/postgres/ledger-drain.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { openLogFeed } from '../../../src/workflow/sqlite-log/open-log-feed.ts';

const [file = '', url = '', directory = ''] = process.argv.slice(2);
const feed = openLogFeed({ file });
const drain = await createLedgerDrain({
  postgres: { url },
  source: feed,
  log: feed.log,
  clock: systemClock,
  checkpoints: { directory, everyMs: 10, everyEvents: 500 },
  everyMs: 5,
  onRefused: (alarm) => {
    throw alarm;
  },
});
await drain.pass();
process.stdout.write('ready\n');
drain.start();
setInterval(() => undefined, 60_000);
