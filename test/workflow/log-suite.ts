import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamId, WorkflowLog } from '../../src/action/log-port.ts';
import { verifyChain } from '../../src/workflow/chain.ts';
import { Appender, chain, headOf, NOTHING_OPEN, T0, textOf } from './chain-fixture.ts';

const ALPHA: StreamId = { tenant: 'acme', workflow: 'wf_alpha' };
const BETA: StreamId = { tenant: 'acme', workflow: 'wf_beta' };

/** What every adapter of the workflow log promises. `create` makes an empty one; `ahead`: what it says to who saw more than it has. */
export function describeLog(
  name: string,
  create: () => Promise<WorkflowLog>,
  ahead: 'LOG_UNAVAILABLE' | 'LOG_LOST' = 'LOG_UNAVAILABLE',
): void {
  describe(`${name} as a workflow log`, () => {
    let log: WorkflowLog;
    beforeEach(async () => {
      log = await create();
    });
    afterEach(() => log.close());

    it('has nothing in a stream that nobody appended to', async () => {
      expect(await log.read(ALPHA)).toEqual([]);
      expect(await log.read(ALPHA, 7)).toEqual([]);
      expect(await log.list({})).toEqual([]);
    });

    it('reads back exactly what was appended, in order, from any version on', async () => {
      const events = chain(ALPHA, undefined, ['one', 'two', 'three']);
      const result = await log.append(ALPHA, 0, events, NOTHING_OPEN);
      expect(await log.read(ALPHA)).toEqual(events);
      if (result.status === 'appended') await result.durable;
      expect(await log.read(ALPHA)).toEqual(events);
      expect(await log.read(ALPHA, 2)).toEqual(events.slice(2));
      expect(await log.read(ALPHA, 3)).toEqual([]);
    });

    it('reads pending events behind durable ones', async () => {
      const appender = new Appender(log, ALPHA);
      await appender.append(['one', 'two']);
      const late = chain(ALPHA, appender.head, ['three', 'four']);
      await log.append(ALPHA, 2, late, NOTHING_OPEN);
      expect((await log.read(ALPHA, 1)).map(textOf)).toEqual(['two', 'three', 'four']);
      expect((await log.read(ALPHA, 3)).map(textOf)).toEqual(['four']);
    });

    it('answers an append on an old version with every missed event, pending ones too, and appends nothing', async () => {
      const winner = new Appender(log, ALPHA);
      await winner.append(['one']);
      await log.append(ALPHA, 1, chain(ALPHA, winner.head, ['two', 'three']), NOTHING_OPEN);
      const late = await new Appender(log, ALPHA).try(['never']);
      expect(late.status === 'conflict' && late.missed.map(textOf)).toEqual(['one', 'two', 'three']);
      expect((await log.read(ALPHA)).map(textOf)).toEqual(['one', 'two', 'three']);
    });

    it('lets one of two first events in', async () => {
      const [first, second] = await Promise.all([
        new Appender(log, ALPHA).try(['first']),
        new Appender(log, ALPHA).try(['second']),
      ]);
      expect([first.status, second.status]).toEqual(['appended', 'conflict']);
      expect(second.status === 'conflict' && second.missed.map(textOf)).toEqual(['first']);
    });

    it('refuses an append on a version that it does not have', async () => {
      const events = chain(ALPHA, undefined, ['one', 'two']);
      await log.append(ALPHA, 0, events.slice(0, 1), NOTHING_OPEN);
      const third = chain(ALPHA, headOf(events), ['three']);
      await expect(log.append(ALPHA, 2, third, NOTHING_OPEN)).rejects.toMatchObject({ code: ahead });
    });

    const one = chain(ALPHA, undefined, ['one']);
    const after = chain(ALPHA, headOf(one), ['two', 'three']);
    it.each([
      ['nothing', []],
      ['a gap', after.slice(1)],
      ['another stream’s beginning', chain(BETA, undefined, ['one'])],
      ['its events in the wrong order', after.toReversed()],
      ['an event older than the one before', after.map((event) => ({ ...event, at: T0 - 1 }))],
    ])('refuses a chain with %s as a bug, and appends nothing', async (_, events) => {
      await log.append(ALPHA, 0, one, NOTHING_OPEN);
      await expect(log.append(ALPHA, 1, events, NOTHING_OPEN)).rejects.toMatchObject({ code: 'INTERNAL' });
      expect(await log.read(ALPHA)).toEqual(one);
      expect((await log.append(ALPHA, 1, after, NOTHING_OPEN)).status).toBe('appended');
    });

    it('refuses a chain that continues another event than the last, and appends nothing', async () => {
      await log.append(ALPHA, 0, one, NOTHING_OPEN);
      const other = chain(ALPHA, headOf(chain(ALPHA, undefined, ['other'])), ['two']);
      const code = ahead === 'LOG_LOST' ? ahead : 'INTERNAL';
      await expect(log.append(ALPHA, 1, other, NOTHING_OPEN)).rejects.toMatchObject({ code });
      expect(await log.read(ALPHA)).toEqual(one);
    });

    it('keeps one gap-free chain under 64 concurrent appenders of one stream', async () => {
      const appenders = Array.from({ length: 64 }, () => new Appender(log, ALPHA));
      await Promise.all(
        appenders.map(async (appender, i) => {
          for (let round = 0; round < 5; round++) await appender.append([`${i}/${round}`, `${i}/${round}+`]);
        }),
      );
      const events = await log.read(ALPHA);
      expect(verifyChain(ALPHA, events)).toEqual({ ok: true, head: headOf(events) });
      const texts = events.map(textOf);
      expect(texts).toHaveLength(64 * 5 * 2);
      for (let i = 0; i < 64; i++) {
        const own = texts.filter((text) => text.startsWith(`${i}/`));
        expect(own).toEqual([0, 1, 2, 3, 4].flatMap((round) => [`${i}/${round}`, `${i}/${round}+`]));
      }
      expect(appenders.reduce((sum, { conflicts }) => sum + conflicts, 0)).toBeGreaterThan(0);
    });

    it('keeps many streams apart under concurrent appends', async () => {
      const streams = Array.from({ length: 64 }, (_, i) => ({ tenant: 'acme', workflow: `wf_${i}` }));
      await Promise.all(
        streams.map(async (stream) => {
          const appender = new Appender(log, stream);
          for (let round = 0; round < 20; round++) await appender.append([`${stream.workflow}/${round}`]);
          expect(appender.conflicts).toBe(0);
        }),
      );
      for (const stream of streams) {
        const events = await log.read(stream);
        expect(events.map(textOf)).toEqual(Array.from({ length: 20 }, (_, round) => `${stream.workflow}/${round}`));
        expect(verifyChain(stream, events).ok).toBe(true);
      }
    });

    it('makes durable in order: when an event is, so is every one before it', async () => {
      const appender = new Appender(log, ALPHA);
      const landed: number[] = [];
      const waits: Promise<void>[] = [];
      for (let i = 0; i < 50; i++) {
        const events = chain(ALPHA, appender.head, [`${i}`]);
        const result = await log.append(ALPHA, i, events, NOTHING_OPEN);
        if (result.status === 'appended') waits.push(result.durable.then(() => void landed.push(i)));
        appender.head = headOf(events);
      }
      await Promise.all(waits);
      expect(landed).toEqual(Array.from({ length: 50 }, (_, i) => i));
    });

    it('separates tenants that use the same workflow id', async () => {
      const other = { tenant: 'globex', workflow: ALPHA.workflow };
      await new Appender(log, ALPHA).append(['ours']);
      await new Appender(log, other).append(['theirs', 'theirs too']);
      expect((await log.read(ALPHA)).map(textOf)).toEqual(['ours']);
      expect((await log.read(other)).map(textOf)).toEqual(['theirs', 'theirs too']);
      expect((await log.list({ tenant: 'acme' })).map(({ tenant, version }) => [tenant, version])).toEqual([
        ['acme', 1],
      ]);
    });

    it('does not take the end of a tenant for the beginning of a workflow', async () => {
      await new Appender(log, { tenant: 'ab', workflow: 'c' }).append(['one']);
      expect(await log.read({ tenant: 'a', workflow: 'bc' })).toEqual([]);
    });

    it('lists by tenant, newest first, with head and summary of the last append', async () => {
      const alpha = new Appender(log, ALPHA);
      const beta = new Appender(log, BETA);
      await alpha.append(['one'], { open: 2, held: 1 }, T0);
      await beta.append(['one'], { open: 1, held: 0 }, T0 + 1);
      await alpha.append(['two'], { open: 3, held: 2 }, T0 + 2);
      await beta.append(['two'], NOTHING_OPEN, T0 + 1);
      await new Appender(log, { tenant: 'globex', workflow: 'wf_x' }).append(['x'], { open: 1, held: 1 }, T0 + 9);
      const listing = (id: StreamId, appender: Appender, summary: object) => ({ ...id, ...appender.head, ...summary });
      expect(await log.list({ tenant: 'acme' })).toEqual([
        listing(ALPHA, alpha, { open: 3, held: 2 }),
        listing(BETA, beta, NOTHING_OPEN),
      ]);
      expect((await log.list({})).map(({ workflow }) => workflow)).toEqual(['wf_x', 'wf_alpha', 'wf_beta']);
      expect((await log.list({ openOnly: true })).map(({ workflow }) => workflow)).toEqual(['wf_x', 'wf_alpha']);
      expect((await log.list({ tenant: 'acme', limit: 1 })).map(({ workflow }) => workflow)).toEqual(['wf_alpha']);
      expect(await log.list({ tenant: 'nobody' })).toEqual([]);
    });

    it('refuses everything once it is closed', async () => {
      await new Appender(log, ALPHA).append(['one']);
      await log.close();
      const closed = { code: 'LOG_UNAVAILABLE' };
      await expect(new Appender(log, BETA).try(['one'])).rejects.toMatchObject(closed);
      await expect(log.read(ALPHA)).rejects.toMatchObject(closed);
      await expect(log.list({})).rejects.toMatchObject(closed);
    });
  });
}
