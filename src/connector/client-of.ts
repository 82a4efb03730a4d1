import type { ConnectedSystem, ConnectorEnvironment } from './contract.ts';
import { createHttpClient } from './http/create-http-client.ts';
import type { HttpClient } from './http/http-client.ts';
import type { HttpMeter } from './http/http-meter.ts';

/** What all systems are given of their process. */
export interface RegistryEnvironment extends Omit<ConnectorEnvironment, 'system'> {
  /** Counts what their HTTP clients do. */
  readonly meter?: HttpMeter | undefined;
}

interface ClientFor {
  readonly system: string;
  readonly passesTrace?: boolean | undefined;
}

/** The shared runtime's client for a connected system. */
export function clientOf(
  { http }: ConnectedSystem,
  { system, passesTrace }: ClientFor,
  { clock, meter }: RegistryEnvironment,
): HttpClient {
  return http === undefined ? NO_HTTP : createHttpClient({ ...http, clock, meter: meter?.of(system), passesTrace });
}

/** For connectors that do not speak HTTP through the shared runtime. */
const NO_HTTP: HttpClient = {
  send: async () => ({ ok: false, class: 'refused', detail: 'this connector declared no HTTP origin' }),
};
