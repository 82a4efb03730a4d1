import type { RequestShape } from '../action/request-shape.ts';
import type { Registry } from '../connector/registry.ts';
import type { Interlock } from '../gate/interlock.ts';
import { InterlockError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { type AuthRequestAnswer, answerAuthRequest } from '../surface/gateway/answer-auth-request.ts';
import type { EnforcementPoint } from '../surface/gateway/pass-request.ts';
import type { Config } from './config.ts';
import { type GatewaySettings, gatewaySettings } from './gateway-settings.ts';
import { resolveSecrets } from './resolve-secrets.ts';

/** The gateways of a configuration, ready to ask. */
export interface StartedGateways {
  /** What a subrequest of nginx is answered. */
  readonly authRequest: (gateway: string, headers: Readonly<Record<string, string>>) => Promise<AuthRequestAnswer>;
  /** Ports of those that ask over gRPC, by name. */
  readonly ports: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

interface Parts {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly interlock: Interlock;
  readonly registry: Registry;
}

const SECRET_CHARACTERS_MIN = 32;

/** Throws CONFIG_INVALID, SECRET_MISSING and ADDRESS_UNAVAILABLE. */
export async function startGateways({ config, environment, interlock, registry }: Parts): Promise<StartedGateways> {
  const sources = { environment, baseDirectory: config.baseDirectory };
  const nginx = new Map<string, EnforcementPoint>();
  const ports = new Map<string, number>();
  const served: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(served.map((server) => server.close()));
  };
  try {
    for (const [name, configured] of Object.entries(config.gateways)) {
      const system = `gateways.${name}`;
      const settings = gatewaySettings.parse(
        resolveSecrets(written(configured), { system, schema: gatewaySettings, sources }),
      );
      const point = pointOf(name, settings, registry);
      if (settings.kind === 'nginx') {
        nginx.set(name, point);
        continue;
      }
      // Loaded where somebody asks over gRPC only.
      const { serveExtAuthz } = await import('../surface/gateway/envoy/serve-ext-authz.ts');
      const server = await serveExtAuthz(interlock, point, { ...settings.listen, tls: settings.tls });
      served.push(server);
      ports.set(name, server.port);
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { authRequest: (name, headers) => answerAuthRequest(interlock, nginx.get(name), headers), ports, close };
}

/** As the file has it: without what was left out. */
function written(configured: GatewaySettings): JsonObject {
  return JSON.parse(JSON.stringify(configured));
}

function pointOf(name: string, settings: GatewaySettings, registry: Registry): EnforcementPoint {
  const { system, secret, pathPrefix, sessionHeader } = settings;
  const shapes: readonly RequestShape[] = registry.requests(system);
  if (shapes.length === 0)
    throw new InterlockError(
      'CONFIG_INVALID',
      `gateways.${name}: ${system} is no connector that knows how its operations look on the wire`,
    );
  if (secret.length < SECRET_CHARACTERS_MIN)
    throw new InterlockError(
      'CONFIG_INVALID',
      `gateways.${name}: its secret has less than ${SECRET_CHARACTERS_MIN} characters`,
    );
  return {
    name,
    shapes,
    secret,
    sessionHeader: sessionHeader.toLowerCase(),
    pathPrefix: pathPrefix.split('/').slice(1),
  };
}
