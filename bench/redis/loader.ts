/** One process of several: `loader.ts gateway|script URL FOLDER ROW`. Told how much to do, it says how long it took. */
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { prepareActions } from '../gate/in-process.ts';
import { referenceOptions } from '../gate/reference-gateway.ts';
import { takeTurns } from '../take-turns.ts';
import { BareScript } from './bare-script.ts';

const [kind = '', url = '', folder = '', row = ''] = process.argv.slice(2);
const level = (each: number) => ({ atOnce: 64, each });

async function perSecond(each: number): Promise<number> {
  const prepare = await (kind === 'gateway' ? gatewayTurns() : scriptTurns());
  const contender = { name: kind, ...level(each), prepare: () => prepare(each) };
  const measured = await takeTurns([contender], { rounds: 1, warmUpRounds: 1, budgetMs: 60_000 });
  return measured.get(kind)?.perSecond[0] ?? 0;
}

async function gatewayTurns() {
  const log = await createRedisLog({ url, prefix: 'bench', durability: 'memory' });
  const { interlock } = await startGateway({
    ...referenceOptions(folder, 'off'),
    logger: createLogger('silent'),
    log,
  });
  return (each: number) => prepareActions({ interlock, mode: 'decide' }, level(each), 10);
}

async function scriptTurns() {
  const script = new BareScript(url, row);
  return async () => ({ operate: (loop: number) => script.append(`${process.pid}.${loop}`) });
}

process.on('message', (each: number) => {
  perSecond(each).then(
    (answer) => process.send?.(answer, () => process.exit(0)),
    (failed: unknown) => {
      console.error(failed);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
