// Runs `dev` with one configuration, and tells over IPC what only this process knows: first its address and keys, then,
// once the scripts have ended, what the simulated systems have recorded. Any message ends it.
import { once } from 'node:events';
import { readConfig } from '../../src/runtime/config.ts';
import { startDev } from '../../src/runtime/start-dev.ts';

const dev = await startDev({ config: readConfig(process.argv[2] ?? ''), environment: process.env });
process.send?.({ url: dev.url, keys: dev.keys });
process.once('message', async () => {
  await dev.close();
  process.disconnect();
});

await Promise.all(dev.companions.map((companion) => once(companion, 'exit')));
process.send?.(
  Object.fromEntries(dev.simulated.map(({ instance, simulator }) => [instance.system, simulator.audit()])),
);
