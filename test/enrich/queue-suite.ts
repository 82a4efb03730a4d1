import { describe, expect, onTestFinished, test } from 'vitest';
import type { EnrichmentCounts, EnrichmentJob, EnrichmentQueue } from '../../src/enrich/enrichment-queue.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { InterlockError } from '../../src/lib/errors.ts';

export interface QueueWorld {
  readonly queue: EnrichmentQueue;
  /** Over all processes. */
  readonly counts: () => EnrichmentCounts;
  /** Names of given-up jobs' errors. */
  readonly alarms: readonly string[];
  /** Lets the pauses between tries pass, until `done` holds. */
  until(done: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export interface QueueAdapter {
  readonly name: string;
  open(parts: {
    readonly concurrency: number;
    readonly work: (job: EnrichmentJob) => Promise<void>;
  }): Promise<QueueWorld>;
}

export const job = (id: string, anew = false): EnrichmentJob => ({
  stream: { tenant: 'acme', workflow: 'wf_1' },
  fact: 'filesUserRisk',
  subject: { type: 'user', id },
  anew,
});

/** What every {@link EnrichmentQueue} promises, with the worker that belongs to it. */
export function queueSuite({ name, open }: QueueAdapter): void {
  /** Runs each job as the test says, and remembers what ran. */
  async function world({ concurrency = 1 }: { concurrency?: number } = {}) {
    const ran: EnrichmentJob[] = [];
    const doing = { work: async (_job: EnrichmentJob): Promise<void> => undefined };
    const work = async (each: EnrichmentJob): Promise<void> => {
      ran.push(each);
      await doing.work(each);
    };
    const opened = await open({ concurrency, work });
    onTestFinished(() => opened.close());
    return { ...opened, ran, doing };
  }

  /** Keeps the worker busy with another job until it is let go. */
  function gate() {
    const { promise, resolve } = Promise.withResolvers<void>();
    return {
      let: resolve,
      work: ({ subject }: EnrichmentJob) => (subject.id === 'gate' ? promise : Promise.resolve()),
    };
  }

  const idsOf = (jobs: readonly EnrichmentJob[]): readonly string[] => jobs.map(({ subject }) => subject.id);

  describe(name, () => {
    test('hands every job to its worker, whole, and counts it', async () => {
      const { queue, ran, until, counts } = await world();
      for (const id of ['ada', 'bob', 'eve']) queue.add(job(id));
      await until(() => counts().done === 3 && counts().waiting === 0);
      expect(new Set(idsOf(ran))).toEqual(new Set(['ada', 'bob', 'eve']));
      expect(ran.find(({ subject }) => subject.id === 'bob')).toEqual(job('bob'));
      expect(counts()).toEqual({ done: 3, failed: 0, dropped: 0, waiting: 0 });
    });

    test('runs once what is added again while it waits', async () => {
      const { queue, ran, until, counts, doing } = await world();
      const busy = gate();
      doing.work = busy.work;
      queue.add(job('gate'));
      await until(() => ran.length === 1);
      for (let times = 0; times < 5; times++) queue.add(job('ada'));
      busy.let();
      await until(() => counts().done === 2 && counts().waiting === 0);
      expect(idsOf(ran)).toEqual(['gate', 'ada']);
    });

    test('tells jobs of other workflows, tenants and facts apart', async () => {
      const { queue, ran, until, counts } = await world();
      const one = job('ada');
      const others = [
        { ...one, stream: { ...one.stream, tenant: 'globex' } },
        { ...one, stream: { ...one.stream, workflow: 'wf_2' } },
        { ...one, fact: 'filesSecrets' },
        { ...one, subject: { type: 'Files::File' as const, id: 'ada' } },
      ];
      for (const each of [one, ...others]) queue.add(each);
      await until(() => counts().done === 5);
      expect(ran).toHaveLength(5);
      expect(ran).toEqual(expect.arrayContaining([one, ...others]));
    });

    test.each([{ order: [false, true] }, { order: [true, false] }])(
      'asks anew where one of two asks anew: $order',
      async ({ order }) => {
        const { queue, ran, until, counts, doing } = await world();
        const busy = gate();
        doing.work = busy.work;
        queue.add(job('gate'));
        await until(() => ran.length === 1);
        for (const anew of order) queue.add(job('ada', anew));
        busy.let();
        await until(() => counts().waiting === 0 && ran.some(({ anew }) => anew));
        expect(ran).toContainEqual(job('ada', true));
      },
    );

    test('runs again what is added once it is done', async () => {
      const { queue, ran, until, counts } = await world();
      queue.add(job('ada'));
      await until(() => counts().done === 1 && counts().waiting === 0);
      queue.add(job('ada'));
      await until(() => counts().done === 2);
      expect(idsOf(ran)).toEqual(['ada', 'ada']);
    });

    test('runs no more at once than it may', async () => {
      const { queue, until, counts, doing } = await world({ concurrency: 2 });
      let now = 0;
      let most = 0;
      const both = Promise.withResolvers<void>();
      doing.work = async () => {
        now += 1;
        most = Math.max(most, now);
        if (now === 2) both.resolve();
        await both.promise;
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
      };
      for (let n = 0; n < 10; n++) queue.add(job(`user-${n}`));
      await until(() => counts().done === 10);
      expect(most).toBe(2);
    });

    test('tries again what fails for a while, and nothing of it is an alarm', async () => {
      const { queue, ran, until, counts, doing, alarms } = await world();
      doing.work = async () => {
        if (ran.length < 3) throw new InterlockError('SYSTEM_UNAVAILABLE');
      };
      queue.add(job('ada'));
      await until(() => counts().done === 1);
      expect(idsOf(ran)).toEqual(['ada', 'ada', 'ada']);
      expect(counts()).toMatchObject({ done: 1, failed: 0 });
      expect(alarms).toEqual([]);
    });

    test.each([
      {
        what: 'a refused credential',
        thrown: () => new InterlockError('CREDENTIAL_REFUSED'),
        code: 'CREDENTIAL_REFUSED',
      },
      { what: 'what nobody foresaw', thrown: () => new TypeError('boom'), code: 'INTERNAL' },
    ])('gives up at once after $what, with an alarm, and goes on', async ({ thrown, code }) => {
      const { queue, ran, until, counts, doing, alarms } = await world();
      doing.work = async ({ subject }) => {
        if (subject.id === 'ada') throw thrown();
      };
      queue.add(job('ada'));
      queue.add(job('bob'));
      await until(() => counts().done === 1 && counts().failed === 1);
      expect(idsOf(ran)).toEqual(['ada', 'bob']);
      expect(alarms).toEqual([code]);
    });

    test('gives up what fails on and on after its last try', async () => {
      const { queue, ran, until, counts, doing, alarms } = await world();
      doing.work = () => Promise.reject(new InterlockError('SYSTEM_UNAVAILABLE'));
      queue.add(job('ada'));
      await until(() => counts().failed === 1);
      expect(ran).toHaveLength(4);
      expect(alarms).toEqual(['SYSTEM_UNAVAILABLE']);
    });

    test('takes again what was given up', async () => {
      const { queue, ran, until, counts, doing } = await world();
      doing.work = () => Promise.reject(new InterlockError('CREDENTIAL_REFUSED'));
      queue.add(job('ada'));
      await until(() => counts().failed === 1 && counts().waiting === 0);
      doing.work = async () => undefined;
      queue.add(job('ada'));
      await until(() => counts().done === 1);
      expect(ran).toHaveLength(2);
    });

    test('what waits to be tried again has no place of its own', async () => {
      const { queue, until, counts, doing, ran } = await world();
      const failed = new Set<string>();
      let now = 0;
      let most = 0;
      doing.work = async ({ subject: { id } }) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now -= 1;
        if (failed.size === 5 || failed.has(id)) return;
        failed.add(id);
        throw new InterlockError('SYSTEM_UNAVAILABLE');
      };
      for (let n = 0; n < 5; n++) queue.add(job(`user-${n}`));
      await until(() => counts().done === 5);
      expect(ran).toHaveLength(10);
      expect(most).toBe(1);
    });

    test('what waits to be tried again is not looked up twice because it is asked again', async () => {
      const { queue, ran, until, counts, doing } = await world();
      doing.work = async ({ subject: { id } }) => {
        if (id === 'ada' && idsOf(ran).filter((each) => each === 'ada').length === 1)
          throw new InterlockError('SYSTEM_UNAVAILABLE');
      };
      queue.add(job('ada'));
      await until(() => ran.length === 1);
      queue.add(job('bob'));
      await until(() => counts().done === 1);
      queue.add(job('ada'));
      await until(() => counts().done === 2 && counts().waiting === 0);
      expect(idsOf(ran)).toEqual(['ada', 'bob', 'ada']);
    });

    test('tries at once what is asked anew while it waits to be tried again', async () => {
      const { queue, ran, until, counts, doing } = await world();
      doing.work = async () => {
        if (ran.length === 1) throw new InterlockError('SYSTEM_UNAVAILABLE');
      };
      queue.add(job('ada', true));
      await until(() => ran.length === 1);
      queue.add(job('ada', true));
      await until(() => counts().done >= 1);
      expect(ran.length).toBeGreaterThanOrEqual(2);
    });

    test('adding never waits and never throws, and past the bound the rest is dropped and counted', async () => {
      const { queue, ran, until, doing } = await world();
      const busy = gate();
      doing.work = busy.work;
      queue.add(job('gate'));
      await until(() => ran.length === 1);
      const extra = 7;
      for (let n = 0; n < BOUNDS.enrichmentQueue + extra; n++) expect(queue.add(job(`user-${n}`))).toBeUndefined();
      // The queue may not have heard yet that its worker has the first.
      expect([extra, extra + 1]).toContain(queue.counts.dropped);
      expect(queue.counts.waiting).toBeGreaterThanOrEqual(BOUNDS.enrichmentQueue);
      busy.let();
    });

    test('closing lets what runs end, and what is added then is not taken', async () => {
      const { queue, ran, until, doing, close } = await world();
      const busy = gate();
      doing.work = busy.work;
      queue.add(job('gate'));
      await until(() => ran.length === 1);
      const closing = close();
      queue.add(job('late'));
      busy.let();
      await closing;
      await expect(close()).resolves.toBeUndefined();
      expect(idsOf(ran)).toEqual(['gate']);
    });
  });
}
