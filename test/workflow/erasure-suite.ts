import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent, StoredEvent } from '../../src/action/event.ts';
import { type StreamId, tenantStream, type WorkflowLog } from '../../src/action/log-port.ts';
import { chainEvents, verifyChain } from '../../src/workflow/chain.ts';
import { headOf, message, NOTHING_OPEN, T0 } from './chain-fixture.ts';

const ALPHA: StreamId = { tenant: 'acme', workflow: 'wf_alpha' };
const BETA: StreamId = { tenant: 'acme', workflow: 'wf_beta' };

const erased = (to: number): NewEvent => ({
  type: 'payloads.erased',
  payload: { from: 1, to, by: 'root', reason: 'asked for' },
});

/** What a log promises that takes away payloads with the event that says so. `create` makes an empty one. */
export function describeErasure(name: string, create: () => Promise<WorkflowLog>): void {
  describe(`${name}, told to erase,`, () => {
    let log: WorkflowLog;
    beforeEach(async () => {
      log = await create();
    });
    afterEach(() => log.close());

    const append = async (stream: StreamId, events: readonly NewEvent[], now = T0, summary = NOTHING_OPEN) => {
      const before = await log.read(stream);
      const chained = chainEvents({ stream, head: headOf(before), events, now, salt: () => 'salt' });
      const result = await log.append(stream, before.length, chained, summary);
      if (result.status === 'appended') await result.durable;
    };
    const whole = (events: readonly StoredEvent[]) => events.map(({ payload }) => payload !== undefined);
    const erasable = async (before: number, limit = 10) =>
      (await log.erasable?.({ before, limit }))?.map(({ workflow }) => workflow);

    it('takes away what the event covers, and nothing else, and the chain verifies', async () => {
      for (const stream of [ALPHA, BETA]) await append(stream, ['one', 'two', 'three'].map(message));
      const before = await log.read(ALPHA);
      await append(ALPHA, [erased(2)]);
      const events = await log.read(ALPHA);
      expect(whole(events)).toEqual([false, false, true, true]);
      expect(whole(await log.read(BETA))).toEqual([true, true, true]);
      expect(events.slice(0, 3).map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash));
      expect(verifyChain(ALPHA, events).ok).toBe(true);
    });

    it('keeps the record of an erasure, also under a later one', async () => {
      await append(ALPHA, ['one', 'two'].map(message));
      await append(ALPHA, [erased(1)]);
      await append(ALPHA, [erased(3)]);
      expect(whole(await log.read(ALPHA))).toEqual([false, false, true, true]);
    });

    it('has no snapshot of it any more, and takes none', async () => {
      if (log.keepSnapshot === undefined) return;
      await append(ALPHA, ['one', 'two', 'three'].map(message));
      const head = headOf(await log.read(ALPHA));
      if (head === undefined) throw new Error('there are events');
      const kept = { version: head.version, hash: head.hash, bytes: Buffer.from('what was said') };
      await log.keepSnapshot(ALPHA, kept);
      expect((await log.snapshot?.(ALPHA))?.kept.version).toBe(3);
      await append(ALPHA, [erased(2)]);
      expect(await log.snapshot?.(ALPHA)).toBeUndefined();
      // Of an event that is still whole, by somebody who was slow.
      await log.keepSnapshot(ALPHA, kept);
      expect(await log.snapshot?.(ALPHA)).toBeUndefined();
    });

    it('lists what may be erased by age, the oldest first, and neither what is open, young or erased nor its own streams', async () => {
      await append({ tenant: 'globex', workflow: 'wf_old' }, [message('one')], T0 + 1);
      await append(ALPHA, [message('one')], T0);
      await append(BETA, [message('one')], T0, { open: 1, held: 0 });
      await append({ tenant: 'acme', workflow: 'wf_young' }, [message('one')], T0 + 1_000);
      await append(tenantStream('acme'), [message('one')], T0);
      await append({ tenant: '~system', workflow: 'policies' }, [message('one')], T0);
      expect(await erasable(T0 + 1_000)).toEqual(['wf_alpha', 'wf_old']);
      expect(await erasable(T0 + 1_000, 1)).toEqual(['wf_alpha']);
      await append(ALPHA, [erased(1)], T0 + 2);
      expect(await erasable(T0 + 1_000)).toEqual(['wf_old']);
    });
  });
}
