import { PassThrough } from 'node:stream';
import { sha256 } from '../lib/digest.ts';
import { randomIds } from '../lib/ids.ts';
import { createMcpSurface } from '../surface/mcp/create-mcp-surface.ts';
import type { Config } from './config.ts';
import { createLogger } from './logger.ts';
import type { Place } from './place.ts';
import { startGateway } from './start-gateway.ts';
import { version } from './version.ts';

/** An embedded gateway for one MCP client: whoever starts the process is the user it works for. */
export async function mcpStdio(
  { environment }: Place,
  config: Config,
  { user, tenant, stopped }: { readonly user: string; readonly tenant: string; readonly stopped: Promise<void> },
): Promise<void> {
  const ids = randomIds();
  const key = ids.secret();
  const rights = ['open', 'act'] as const;
  const keys = [{ id: user, digest: sha256(key), tenant, rights: [...rights], groups: [] }];
  const { interlock } = await startGateway({ config, environment, keys, logger: createLogger('warn') });
  const surface = createMcpSurface({ interlock, version: version() });
  const input = process.stdin.pipe(new PassThrough());
  void stopped.then(() => {
    process.stdin.unpipe(input);
    input.end();
  });
  try {
    await surface.serveStdio({ bearer: key, input, output: process.stdout });
  } finally {
    await interlock.close();
  }
}
