import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { defineConnector, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { refuseDifferences } from '../../support/refuse-differences.ts';
import { rememberedPolicies } from '../../support/remembered-policies.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL } from '../../support/test-gateway.ts';

const evidence = { mark: 'doc', source: 'this file' } as const;
const ADMIN = operator('root', ['administer']);
const CARD = 'the card is 4111 1111 1111 1111';
const LONG = 'x'.repeat(300_000);

/** Notes of which the connector itself knows nothing: it declares no label. */
const notes = defineConnector({
  system: 'notes',
  title: 'Notes',
  settings: z.strictObject({}),
  connect: async () => {
    const texts = new Map([
      ['plain', 'buy milk'],
      ['card', CARD],
      ['long', LONG],
    ]);
    const note = ({ id }: { readonly id: string }) => [{ type: 'Notes::Note', id }] as const;
    const write = {
      input: z.strictObject({ id: z.string(), text: z.string() }),
      output: z.object({}),
      repeat: { class: 'at-most-once', evidence },
      undo: { none: 'It is only a test.' },
      resourceTypes: ['Notes::Note'],
      resources: note,
      evidence: [evidence],
    } as const;
    const change = { reversible: 'no', privileged: false, count: 1 } as const;
    return {
      operations: [
        readOperation({
          name: 'notes.note.read',
          description: 'Reads a note.',
          input: z.strictObject({ id: z.string() }),
          output: z.object({ text: z.string() }),
          resourceTypes: ['Notes::Note'],
          resources: note,
          execute: async ({ id }) => ({ status: 'succeeded', result: { text: texts.get(id) ?? '' } }),
          evidence: [evidence],
        }),
        writeOperation({
          ...write,
          name: 'notes.note.write',
          description: 'Writes a note.',
          effect: () => ({ kind: 'update', external: false, ...change }),
          effectKinds: ['update'],
          execute: async ({ id, text }) => {
            texts.set(id, text);
            return { status: 'succeeded', result: {} };
          },
        }),
        writeOperation({
          ...write,
          name: 'notes.note.mail',
          description: 'Mails a text to somebody outside.',
          effect: () => ({ kind: 'communicate', external: true, ...change }),
          effectKinds: ['communicate'],
          execute: async () => ({ status: 'succeeded', result: {} }),
        }),
      ],
      resourceTypes: { 'Notes::Note': {} },
      labels: [],
    };
  },
});

const INSIDE = `@id("inside") @title("What people pay with stays inside.")
forbid(principal in Label::"finance", action, resource) when { context.effect.external };`;
const BY_FACT = `@id("cards") @title("Notes with numbers of cards are not written.")
forbid(principal, action == Action::"notes.note.write", resource)
when { context.facts has textClasses && context.facts.textClasses.value.contains("credit-card") };`;

async function world({ policies = INSIDE, classify = true } = {}) {
  const directory = newDirectory();
  writeFileSync(join(directory, 'p.cedar'), `${PERMIT_ALL}\n${policies}`);
  const config = parseConfig(
    { data: 'data', policies: ['p.cedar'], judge: { share: 1 }, enrich: { classify } },
    { file: 'test', baseDirectory: directory },
  );
  const connectors = [{ system: 'notes', connector: notes, settings: {} }];
  const gateway = await startGateway({
    config,
    connectors,
    logger: createLogger('silent'),
    policySets: rememberedPolicies,
  });
  const { interlock } = gateway;
  onTestFinished(async () => {
    await refuseDifferences(gateway);
    await interlock.close();
  });
  const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const { token } = await interlock.openSession(OPENER, workflow, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  const run = (operation: string, input: JsonObject) =>
    interlock.run(caller, { operation: `notes.note.${operation}`, input });
  /** Runs it, and waits for what is found in it. */
  const runFound = async (operation: string, input: JsonObject): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const end = interlock.watch(ADMIN, ({ type, text }) => {
      if (type === 'fact.observed') resolve(text);
    });
    const answer = await run(operation, input);
    expect(answer.decision).toBe('allow');
    return promise.finally(end);
  };
  const mail = () => run('mail', { id: 'out', text: 'hello' });
  return { run, runFound, mail };
}

test('what was read reaches who read it: from then on nothing is sent outside', async () => {
  const { run, runFound, mail } = await world();
  await run('read', { id: 'plain' });
  expect(await mail()).toMatchObject({ decision: 'allow' });
  const text = await runFound('read', { id: 'card' });
  expect(text).toContain('credit-card');
  expect(text).not.toContain('4111');
  expect(await mail()).toMatchObject({ decision: 'deny', reasons: [{ policy: 'inside' }] });
});

test('what was written is looked through too', async () => {
  const { runFound, mail } = await world();
  await runFound('write', { id: 'mine', text: CARD });
  // Whoever wrote it knew it already; it is the record that carries it to whoever reads it.
  expect(await mail()).toMatchObject({ decision: 'allow' });
});

test('an answer that the log does not keep may hold anything', async () => {
  const { runFound, mail } = await world();
  expect(await runFound('read', { id: 'long' })).toContain('unread');
  expect(await mail()).toMatchObject({ decision: 'deny', reasons: [{ policy: 'inside' }] });
});

test('policies read it as a fact of the record', async () => {
  const { run, runFound } = await world({ policies: BY_FACT });
  await runFound('read', { id: 'card' });
  expect(await run('write', { id: 'card', text: 'new' })).toMatchObject({
    decision: 'deny',
    reasons: [{ policy: 'cards' }],
  });
  expect(await run('write', { id: 'plain', text: 'new' })).toMatchObject({ decision: 'allow' });
});

test('where it is not asked for nothing is looked through, and policies do not know it', async () => {
  const { run, mail } = await world({ classify: false });
  await run('read', { id: 'card' });
  expect(await mail()).toMatchObject({ decision: 'allow' });
  await expect(world({ policies: BY_FACT, classify: false })).rejects.toMatchObject({ code: 'POLICY_INVALID' });
});
