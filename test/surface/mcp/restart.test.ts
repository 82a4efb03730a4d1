import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Answer } from '../../../src/gate/answers.ts';
import { serveInTest } from './serve-in-test.ts';
import { KEYS, startGatewayInTest } from './start-gateway-in-test.ts';

async function started(folder: string) {
  const gateway = await startGatewayInTest({ folder });
  const served = await serveInTest(gateway.interlock);
  const close = async () => {
    await served.close();
    await gateway.interlock.close();
  };
  return { ...gateway, served, close };
}

test('an action that waits for a human survives a restart, and its client gets the result', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-mcp-'));
  const first = await started(folder);
  const token = await first.agent();
  const before = await first.served.client(token);
  await before.callTool({
    name: 'notes_entity_create',
    arguments: { entities: [{ name: 'doomed', entityType: 'x', observations: [] }] },
  });
  const held = (await before.callTool({ name: 'notes_entity_delete', arguments: { entityNames: ['doomed'] } }))
    .structuredContent as unknown as Answer;
  expect(held).toMatchObject({ decision: 'step_up', state: 'held' });
  await first.close();

  const second = await started(folder);
  const after = await second.served.client(token);
  const wait = async (waitMs: number) =>
    (await after.callTool({ name: 'interlock_action_wait', arguments: { id: held.id, waitMs } })).structuredContent;
  expect(await wait(0)).toMatchObject({ id: held.id, state: 'held' });
  const approver = await second.interlock.authenticate(KEYS.approver);
  for (const approval of held.approval?.ids ?? [])
    await second.interlock.answerApproval(approver, approval, { answer: 'approve', reason: 'fine' });
  expect(await wait(30_000)).toMatchObject({
    id: held.id,
    state: 'completed',
    digest: held.digest,
    outcome: { status: 'succeeded' },
  });
  const graph = await after.callTool({ name: 'notes_graph_read', arguments: {} });
  expect(JSON.stringify(graph)).not.toContain('doomed');
  await second.close();
});
