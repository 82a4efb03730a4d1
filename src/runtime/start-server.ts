import type { AddressInfo } from 'node:net';
import type { Interlock } from '../gate/interlock.ts';
import { InterlockError } from '../lib/errors.ts';
import { createHttpSurface } from '../surface/http/create-http-surface.ts';
import type { ModelHandler } from '../surface/http/register-models.ts';
import type { McpSurface } from '../surface/mcp/create-mcp-surface.ts';
import { createLogger } from './logger.ts';
import { type Gateway, type GatewayOptions, startGateway } from './start-gateway.ts';
import { type StartedGateways, startGateways } from './start-gateways.ts';
import { version } from './version.ts';

export interface RunningServer {
  readonly gateway: Gateway;
  /** `http://host:port`. */
  readonly url: string;
  /** Ports on which gateways ask over gRPC, by name. */
  readonly gatewayPorts: StartedGateways['ports'];
  /** Lets running calls finish, puts the log under its last checkpoint, and ends. */
  close(): Promise<void>;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** A gateway with its HTTP and MCP surfaces, listening. Throws what {@link startGateway} throws, and ADDRESS_UNAVAILABLE. */
export async function startServer(options: GatewayOptions): Promise<RunningServer> {
  const { logger = createLogger('info'), config } = options;
  const gateway = await startGateway({ ...options, logger });
  const { interlock } = gateway;
  let gateways: StartedGateways | undefined;
  const { host, port, allowedHosts, allowedOrigins } = config.listen;
  try {
    const { environment = {} } = options;
    gateways = await startGateways(interlock, { config, environment, registry: gateway.registry });
    const { authRequest, ports, close: closeGateways } = gateways;
    for (const [name, at] of ports) logger.info({ gateway: name, port: at }, 'a gateway may ask over gRPC');
    const http = await createHttpSurface({
      interlock,
      logger,
      allowedHosts: [...LOOPBACK_NAMES, host, ...allowedHosts],
      allowedOrigins,
      mcp: mcpOnDemand(interlock),
      models: modelsOnDemand(interlock),
      ...(Object.keys(config.gateways).length === 0 ? {} : { authRequest }),
    });
    await http.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on: ${cause.message}`;
      throw new InterlockError('ADDRESS_UNAVAILABLE', `${host}:${port} ${why}`, { cause });
    });
    const address = http.server.address() as AddressInfo; // it listens on TCP, so this is its address
    const name = host.includes(':') ? `[${host}]` : host;
    return {
      gateway,
      url: `http://${name === '0.0.0.0' ? '127.0.0.1' : name}:${address.port}`,
      gatewayPorts: ports,
      close: async () => {
        await http.close();
        await closeGateways();
        await interlock.close();
      },
    };
  } catch (thrown) {
    await gateways?.close();
    await interlock.close();
    throw thrown;
  }
}

/** Loaded when somebody first calls a model, as below. */
function modelsOnDemand(interlock: Interlock): ModelHandler {
  const surface = () => import('../surface/models/answer-model-call.ts');
  const errors = () => import('../surface/models/model-error.ts');
  return {
    answer: async (caller, request) => (await surface()).answerModelCall({ interlock }, caller, request),
    refused: async (error) => (await surface()).refused((await errors()).refusedCall(error)),
  };
}

/** Loaded when its first client comes: a start does not wait for what may never be asked for. */
function mcpOnDemand(interlock: Interlock): McpSurface['handle'] {
  let surface: Promise<McpSurface> | undefined;
  return async (...asked) => {
    surface ??= import('../surface/mcp/create-mcp-surface.ts').then(({ createMcpSurface }) =>
      createMcpSurface({ interlock, version: version() }),
    );
    return (await surface).handle(...asked);
  };
}
