import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ConnectedSystem, defineConnector, readOperation, writeOperation } from '../../src/connector/contract.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { newDirectory, operator, PERMIT_ALL } from '../support/test-gateway.ts';

const EVIDENCE = { mark: 'doc', source: 'this file' } as const;
const CANARIES = { key: 'ilk_canary-of-a-key', vendor: 'canary-of-a-vendor', file: 'canary-of-a-file' };

/** A connector that has a secret and lets it out in every way that it can think of, but for its results. */
const leaky = defineConnector({
  system: 'leaky',
  title: 'Leaky',
  settings: z.strictObject({ token: secretReference(), other: secretReference() }),
  connect: async ({ token, other }): Promise<ConnectedSystem> => {
    const ways = [
      () => Promise.reject(new Error(`GET https://x/?token=${token} failed`)),
      () => Promise.reject(new InterlockError('INTERNAL', undefined, { cause: new Error(token) })),
      () => Promise.resolve({ status: 'nonsense', token }),
      () => {
        throw Object.assign(new Error('x'), { config: { headers: { authorization: token } } });
      },
    ];
    return {
      operations: [
        readOperation({
          name: 'leaky.thing.read',
          description: 'Reads a thing.',
          input: z.strictObject({ way: z.int() }),
          output: z.object({}),
          resourceTypes: ['Leaky::Thing'],
          resources: () => [{ type: 'Leaky::Thing', id: 'x' }],
          execute: ({ way }) => (ways[way]?.() ?? Promise.reject(new Error(other))) as never,
          evidence: [EVIDENCE],
        }),
        writeOperation({
          name: 'leaky.thing.write',
          description: 'Writes a thing.',
          input: z.strictObject({}),
          output: z.object({}),
          resourceTypes: ['Leaky::Thing'],
          resources: () => [{ type: 'Leaky::Thing', id: 'x' }],
          execute: () => Promise.reject(new Error(token)),
          probe: () => Promise.reject(new Error(token)),
          effect: () => ({ kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 }),
          effectKinds: ['update'],
          repeat: { class: 'at-most-once', evidence: EVIDENCE },
          undo: { none: 'it is leaky' },
          evidence: [EVIDENCE],
        }),
      ],
      resourceTypes: { 'Leaky::Thing': {} },
      labels: [],
    };
  },
});

test('no secret is in the files, the streams, the answers, the errors, the metrics, the traces or the output', async () => {
  const directory = newDirectory();
  const receiver = await startOtlpReceiver();
  writeFileSync(join(directory, 'policies.cedar'), PERMIT_ALL);
  const output: string[] = [];
  const logger = pino(
    { level: 'trace' },
    new Writable({
      write(line, _encoding, done) {
        output.push(String(line));
        done();
      },
    }),
  );
  const root = operator('root');
  const key = { id: 'k', digest: sha256(CANARIES.key), tenant: 'acme', rights: ['open' as const], groups: [] };
  const telemetry = { otlp: { endpoint: receiver.endpoint } };
  const config = parseConfig(
    { data: 'data', policies: ['policies.cedar'], keys: [key], checkpoints: { everyMs: 10 }, telemetry },
    { file: 'test', baseDirectory: directory },
  );
  const settings = { token: CANARIES.vendor, other: CANARIES.file };
  const connectors = [{ system: 'leaky', connector: leaky, settings }];
  const { interlock } = await startGateway({ config, connectors, logger });
  const said: unknown[] = [];
  interlock.watch(root, (event) => said.push(event));
  interlock.watch(root, () => {
    throw new Error(`a listener that says ${CANARIES.vendor}`);
  });
  const opener = await interlock.authenticate(CANARIES.key);
  const { id: workflow } = await interlock.open(opener, { onBehalfOf: { id: 'ada' } });
  const { token, session } = await interlock.openSession(opener, workflow, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  for (let way = 0; way < 5; way++) {
    const answer = await interlock.run(caller, { id: `a${way}`, operation: 'leaky.thing.read', input: { way } });
    said.push(answer, await interlock.explain(caller, `a${way}`), await interlock.action(caller, `a${way}`));
  }
  await interlock.run(caller, { id: 'w', operation: 'leaky.thing.write', input: {} });
  expect(output.join()).toContain('listener');
  for (const bad of [`${token}x`, `${CANARIES.key}x`, token.replace(/.$/, ''), 'ils_x.y.z.w'])
    said.push(await interlock.authenticate(bad).catch((thrown: Error) => [thrown, thrown.message, thrown.cause]));
  said.push(
    await interlock.workflow(root, workflow),
    await interlock.workflows(root),
    await interlock.graph(root, workflow),
  );
  said.push(interlock.metrics(), interlock.operations(root));
  await interlock.close();

  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toContain('log.sqlite');
  const stored = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)).toString('latin1'));
  expect(receiver.spans.map(({ name }) => name)).toContain('execute_tool leaky_thing_write');
  const everything = [...stored, JSON.stringify(said), ...output, ...receiver.bodies].join('\n');
  expect(everything).toContain(session);
  const secret = token.slice(token.lastIndexOf('.') + 1);
  for (const canary of [...Object.values(CANARIES), token, secret]) expect(everything).not.toContain(canary);
});
