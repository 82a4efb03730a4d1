import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SURFACES, type Told } from './surfaces.ts';
import { KEYS, startWorld, type World } from './world.ts';

const ASK = { id: 'ask', operation: 'notes.note.send', inputText: '{"id":"n1","to":"x@partner.example"}' };

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

async function answer(held: Told, given: 'approve' | 'deny'): Promise<void> {
  const ids = ('approval' in held && held.approval?.ids) || [];
  expect(ids).toHaveLength(1);
  for (const id of ids) {
    const response = await fetch(`${world.url}/v1/approvals/${id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.approver}`, 'content-type': 'application/json' },
      body: JSON.stringify({ answer: given, reason: 'because' }),
    });
    expect(response.status).toBe(200);
  }
}

describe.each(SURFACES)('through $name, an action that waits for a human', (surface) => {
  test('is carried to its result across a restart, once', async () => {
    const bearer = await world.agent();
    const held = await surface.run(world, bearer, ASK);
    expect(held).toMatchObject({ decision: 'step_up', state: 'held' });
    world = await world.restart();
    expect(await surface.look(world, bearer, ASK.id)).toEqual(held);
    expect(await surface.run(world, bearer, ASK)).toEqual(held);
    expect(world.system.effects).toEqual([]);
    await answer(held, 'approve');
    const done = await surface.look(world, bearer, ASK.id, 30_000);
    expect(done).toMatchObject({
      decision: 'allow',
      state: 'completed',
      outcome: { status: 'succeeded', result: { ok: true } },
    });
    expect('digest' in done && done.digest).toBe('digest' in held && held.digest);
    world = await world.restart();
    expect(await surface.look(world, bearer, ASK.id)).toEqual(done);
    expect(world.system.effects).toEqual(['send n1']);
  });

  test('is refused by a no across a restart, and nothing happens', async () => {
    const bearer = await world.agent();
    const held = await surface.run(world, bearer, ASK);
    world = await world.restart();
    await answer(held, 'deny');
    expect(await surface.look(world, bearer, ASK.id, 30_000)).toMatchObject({
      decision: 'deny',
      state: 'denied',
      code: 'APPROVAL_DENIED',
    });
    expect(world.system.effects).toEqual([]);
  });
});
