import { createMcpSurface } from '../../../src/surface/mcp/create-mcp-surface.ts';
import { KEYS, startGatewayInTest } from './start-gateway-in-test.ts';

/** A gateway that serves one client over stdio with an operator's key, until its input ends. */
const { interlock } = await startGatewayInTest();
const { serveStdio } = createMcpSurface({ interlock, version: '0.0.0' });
await serveStdio({ bearer: KEYS.opener, input: process.stdin, output: process.stdout });
await interlock.close();
