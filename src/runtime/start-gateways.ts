import type { Interlock } from '../gate/interlock.ts';
import { type AuthRequestAnswer, answerAuthRequest } from '../surface/gateway/answer-auth-request.ts';
import type { EnforcementPoint } from '../surface/gateway/pass-request.ts';
import { enforcementPoints, type PointParts } from './enforcement-points.ts';

/** The gateways of a configuration, ready to ask. */
export interface StartedGateways {
  /** What a subrequest of nginx is answered. */
  readonly authRequest: (gateway: string, headers: Readonly<Record<string, string>>) => Promise<AuthRequestAnswer>;
  /** Ports of those that ask over gRPC, by name. */
  readonly ports: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Throws CONFIG_INVALID, SECRET_MISSING and ADDRESS_UNAVAILABLE. */
export async function startGateways(interlock: Interlock, parts: PointParts): Promise<StartedGateways> {
  const nginx = new Map<string, EnforcementPoint>();
  const ports = new Map<string, number>();
  const served: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(served.map((server) => server.close()));
  };
  try {
    for (const { settings, point } of enforcementPoints(parts)) {
      if (settings.kind === 'nginx') {
        nginx.set(point.name, point);
        continue;
      }
      // Loaded where somebody asks over gRPC only.
      const { serveExtAuthz } = await import('../surface/gateway/envoy/serve-ext-authz.ts');
      const server = await serveExtAuthz(interlock, point, { ...settings.listen, tls: settings.tls });
      served.push(server);
      ports.set(point.name, server.port);
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { authRequest: (name, headers) => answerAuthRequest(interlock, nginx.get(name), headers), ports, close };
}
