import type { Registry } from '../connector/registry.ts';
import { InterlockError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { EnforcementPoint } from '../surface/gateway/pass-request.ts';
import type { Config } from './config.ts';
import { type GatewaySettings, gatewaySettings } from './gateway-settings.ts';
import { resolveSecrets } from './resolve-secrets.ts';

export interface PointParts {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly registry: Registry;
}

/** The configured gateways with their secrets, and what each asks for. Throws CONFIG_INVALID and SECRET_MISSING. */
export function enforcementPoints({
  config,
  environment,
  registry,
}: PointParts): readonly { readonly settings: GatewaySettings; readonly point: EnforcementPoint }[] {
  const sources = { environment, baseDirectory: config.baseDirectory };
  return Object.entries(config.gateways).map(([name, configured]) => {
    const place = { system: `gateways.${name}`, schema: gatewaySettings, sources };
    const settings = gatewaySettings.parse(resolveSecrets(written(configured), place));
    return { settings, point: pointOf(name, settings, registry) };
  });
}

/** As the file has it: without what was left out. */
function written(configured: GatewaySettings): JsonObject {
  return JSON.parse(JSON.stringify(configured));
}

const SECRET_CHARACTERS_MIN = 32;

function pointOf(name: string, settings: GatewaySettings, registry: Registry): EnforcementPoint {
  const { system, secret, pathPrefix, sessionHeader } = settings;
  const shapes = registry.requests(system);
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
