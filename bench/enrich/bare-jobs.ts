import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { connectPatient } from '../../src/enrich/bullmq/connect.ts';
import type { RedisPlace } from '../../src/enrich/bullmq/queue-keys.ts';

/** The floor: BullMQ alone, in one process, with a worker that does nothing. */
export function bareJobs(redis: RedisPlace) {
  const connection = connectPatient(redis);
  const queue = new Queue('bare', { connection, defaultJobOptions: { removeOnComplete: true } });
  const worker = new Worker('bare', async () => undefined, { connection });
  return {
    /** Milliseconds from adding a job until it is done. */
    async time(): Promise<number> {
      const done = once(worker, 'completed');
      const start = performance.now();
      await queue.add('bare', {});
      await done;
      return performance.now() - start;
    },
    async close(): Promise<void> {
      await worker.close();
      await queue.close();
      connection.disconnect();
    },
  };
}
