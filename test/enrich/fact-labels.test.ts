import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { FactValue } from '../../src/action/fact.ts';
import { defineConnector, type Enricher, readOperation, writeOperation } from '../../src/connector/contract.ts';
import { Registry } from '../../src/connector/registry.ts';
import type { Interlock } from '../../src/gate/interlock.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { refuseDifferences } from '../support/refuse-differences.ts';
import { rememberedPolicies } from '../support/remembered-policies.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL } from '../support/test-gateway.ts';

const evidence = { mark: 'doc', source: 'this file' } as const;
const id = z.string();
const ADMIN = operator('root', ['administer']);

/** A lake whose catalog knows which tables hold what, and a mail that leaves the house. */
function lakeConnector(tags: (table: string) => Promise<FactValue | undefined>, labels: Enricher['labels']) {
  const table = (name: string) => [{ type: 'Lake::Table', id: name }] as const;
  const change = { reversible: 'no', privileged: false, count: 1 } as const;
  const write = {
    output: z.object({}),
    repeat: { class: 'at-most-once', evidence },
    undo: { none: 'It is only a test.' },
    execute: async () => ({ status: 'succeeded', result: {} }) as const,
    evidence: [evidence],
  } as const;
  return defineConnector({
    system: 'lake',
    title: 'Lake',
    settings: z.strictObject({}),
    connect: async () => ({
      operations: [
        readOperation({
          name: 'lake.table.read',
          description: 'Reads a table.',
          input: z.strictObject({ id }),
          output: z.object({}),
          resourceTypes: ['Lake::Table'],
          resources: (input) => table(input.id),
          execute: async () => ({ status: 'succeeded', result: {} }),
          evidence: [evidence],
        }),
        writeOperation({
          ...write,
          name: 'lake.table.fill',
          description: 'Fills a table.',
          input: z.strictObject({ id }),
          resourceTypes: ['Lake::Table'],
          resources: (input) => table(input.id),
          effect: () => ({ kind: 'update', external: false, ...change }),
          effectKinds: ['update'],
        }),
        writeOperation({
          ...write,
          name: 'lake.mail.send',
          description: 'Sends a mail to somebody outside.',
          input: z.strictObject({ text: z.string() }),
          resourceTypes: ['Lake::Mailbox'],
          resources: () => [{ type: 'Lake::Mailbox', id: 'out' }],
          effect: () => ({ kind: 'communicate', external: true, ...change }),
          effectKinds: ['communicate'],
        }),
      ],
      resourceTypes: { 'Lake::Table': {}, 'Lake::Mailbox': {} },
      labels: ['pii', 'lake-secret'],
      enrichers: [
        {
          name: 'tags',
          title: 'The tags of a table.',
          type: { setOf: 'String' },
          about: ['Lake::Table'],
          ttlMs: 600_000,
          fetch: ({ id: name }) => tags(name),
          labels,
          evidence: [evidence],
        },
      ],
    }),
  });
}

const KNOWN = (value: FactValue) => (Array.isArray(value) && value.includes('pii') ? ['pii'] : []);
const OUTSIDE = `@id("inside") @title("Personal data stays inside.")
forbid(principal in Label::"pii", action, resource) when { context.effect.external };`;
const AWAITED = `@id("tagged") @title("A table is read once its tags are known.") @unless("fact(lakeTags, wait: 5s)")
forbid(principal, action in [Action::"lake.table.read", Action::"lake.table.fill"], resource);`;
const CLOSED = `@id("closed") @title("Tables with personal data are not filled.")
forbid(principal, action == Action::"lake.table.fill", resource in Label::"pii");`;
/** Makes the look-up, and waits for nothing. */
const ASKED = `@id("asked") @title("Never.") forbid(principal, action, resource)
when { context.facts has lakeTags && context.facts.lakeTags.value.contains("never") };`;

async function world(
  policies: string,
  tags: (table: string) => Promise<FactValue | undefined> = async (table) => (table === 'people' ? ['pii'] : ['plain']),
  labels: Enricher['labels'] = KNOWN,
) {
  const directory = newDirectory();
  writeFileSync(join(directory, 'p.cedar'), `${PERMIT_ALL}\n${policies}`);
  const config = parseConfig(
    { data: 'data', policies: ['p.cedar'], judge: { share: 1 } },
    { file: 'test', baseDirectory: directory },
  );
  const connectors = [{ system: 'lake', connector: lakeConnector(tags, labels), settings: {} }];
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
  const agent = async (name: string) => {
    const { token, session } = await interlock.openSession(OPENER, workflow, { agent: name });
    const caller = await interlock.authenticate(token);
    const run = async (operation: string, input: Record<string, string>) => {
      const answer = await interlock.run(caller, { operation: `lake.${operation}`, input });
      return answer.decision === 'defer' ? interlock.action(caller, answer.id, 5_000) : answer;
    };
    return {
      session,
      caller,
      read: (table: string) => run('table.read', { id: table }),
      fill: (table: string) => run('table.fill', { id: table }),
      mail: () => run('mail.send', { text: 'hello' }),
    };
  };
  return { interlock, workflow, agent };
}

/** The next fact that stands in the log. */
function observed(interlock: Interlock): Promise<void> {
  return new Promise((resolve) => {
    const end = interlock.watch(ADMIN, ({ type }) => {
      if (type !== 'fact.observed') return;
      end();
      resolve();
    });
  });
}

describe('a fact that gives labels to a record', () => {
  test('exposes who reads it, so that nothing is forwarded outside; another table does not', async () => {
    const { agent } = await world(AWAITED + OUTSIDE);
    const helper = await agent('helper');
    expect(await helper.read('prices')).toMatchObject({ decision: 'allow' });
    expect(await helper.mail()).toMatchObject({ decision: 'allow' });
    expect(await helper.read('people')).toMatchObject({ decision: 'allow' });
    expect(await helper.mail()).toMatchObject({ decision: 'deny', reasons: [{ policy: 'inside' }] });
  });

  test('is seen by the decision that waited for it', async () => {
    const { agent } = await world(AWAITED + CLOSED);
    const helper = await agent('helper');
    expect(await helper.fill('people')).toMatchObject({ decision: 'deny', reasons: [{ policy: 'closed' }] });
    expect(await helper.fill('prices')).toMatchObject({ decision: 'allow' });
  });

  test('reaches who read the record before it was known, and whom they told', async () => {
    const { promise, resolve } = Promise.withResolvers<FactValue>();
    const { interlock, workflow, agent } = await world(ASKED + OUTSIDE + CLOSED, (table) =>
      table === 'people' ? promise : Promise.resolve(['plain']),
    );
    const [reader, told, other] = [await agent('reader'), await agent('told'), await agent('other')];
    expect(await reader.read('people')).toMatchObject({ decision: 'allow' });
    await reader.fill('summary');
    await interlock.message(reader.caller, workflow, { to: told.session, kind: 'message' });
    expect(await told.mail()).toMatchObject({ decision: 'allow' });
    const known = observed(interlock);
    resolve(['pii']);
    await known;
    for (const each of [reader, told]) expect(await each.mail()).toMatchObject({ decision: 'deny' });
    expect(await other.mail()).toMatchObject({ decision: 'allow' });
    // What the reader wrote since hands it on to who reads that, and is not itself what the fact is about.
    expect(await other.fill('summary')).toMatchObject({ decision: 'allow' });
    expect(await other.read('summary')).toMatchObject({ decision: 'allow' });
    expect(await other.mail()).toMatchObject({ decision: 'deny', reasons: [{ policy: 'inside' }] });
  });

  test.each([
    { title: 'a label that its connector does not declare', labels: () => ['other'] },
    {
      title: 'nothing that can be used, because it throws',
      labels: () => {
        throw new Error('no');
      },
    },
  ])('counts as all of the connector’s labels where it says $title', async ({ labels }) => {
    const { agent } = await world(AWAITED + OUTSIDE, undefined, labels);
    const helper = await agent('helper');
    await helper.read('prices');
    expect(await helper.mail()).toMatchObject({ decision: 'deny', reasons: [{ policy: 'inside' }] });
  });

  test('is about records: users carry no labels', async () => {
    const connector = lakeConnector(async () => [], KNOWN);
    const user = defineConnector({
      ...connector,
      connect: async (settings, environment) => {
        const connected = await connector.connect(settings, environment);
        const enrichers = (connected.enrichers ?? []).map((each) => ({ ...each, about: 'user' as const }));
        return { ...connected, enrichers };
      },
    });
    const environment = { clock: systemClock, baseDirectory: newDirectory(), log: () => undefined };
    const registry = await Registry.connect([{ system: 'lake', connector: user, settings: {} }], environment);
    expect(() => registry.lookups()).toThrow(expect.objectContaining({ code: 'CONNECTOR_INVALID' }));
  });
});
