import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startDev } from '../../src/runtime/start-dev.ts';
import { startServer } from '../../src/runtime/start-server.ts';
import { newDirectory } from '../support/test-gateway.ts';

async function configOfTakenPort() {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP, so this is its address
  const config = parseConfig({ listen: { port } }, { file: 'test', baseDirectory: newDirectory() });
  return { port, config };
}

test('dev takes another port where its own is taken', async () => {
  const { port, config } = await configOfTakenPort();
  const dev = await startDev({ config, environment: {} });
  onTestFinished(() => dev.close());
  expect(dev.url).not.toContain(`:${port}`);
  expect((await fetch(`${dev.url}/livez`)).status).toBe(200);
});

test('serve says so where its port is taken: its clients look for it there', async () => {
  const { port, config } = await configOfTakenPort();
  const serving = startServer({ config, logger: createLogger('silent') });
  await expect(serving).rejects.toMatchObject({
    code: 'ADDRESS_UNAVAILABLE',
    message: expect.stringContaining(`:${port}`),
  });
});
