import type { ConnectorInstance } from '../connector/registry.ts';
import type { Interlock } from '../gate/interlock.ts';
import { parseConfig, readConfig } from './config.ts';
import { startGateway } from './start-gateway.ts';

export interface CreateInterlockOptions {
  /** A configuration file, or its content; its paths start from `baseDirectory`. Default: nothing but what is given in code. */
  readonly config?: string | Readonly<Record<string, unknown>> | undefined;
  /** Default: the working directory. */
  readonly baseDirectory?: string | undefined;
  /** Systems connected in code. */
  readonly connectors?: readonly ConnectorInstance[] | undefined;
  /** Where `env:` references are looked up; default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Interlock inside this process: nothing else to install or start. Throws CONFIG_INVALID, SECRET_MISSING,
 * CONNECTOR_INVALID, POLICY_INVALID, LOG_IN_USE, LOG_BROKEN and LOG_UNAVAILABLE.
 *
 * @example
 * const interlock = await createInterlock({ config: 'interlock.yaml' });
 * const operator = await interlock.authenticate(key);
 * const workflow = await interlock.open(operator, { onBehalfOf: { id: 'ada' } });
 * const session = await interlock.openSession(operator, workflow.id, { agent: 'helper' });
 * const agent = await interlock.authenticate(session.token);
 * const answer = await interlock.run(agent, { operation: 'servicenow.incident.get', input: { sysId } });
 */
export async function createInterlock(options: CreateInterlockOptions = {}): Promise<Interlock> {
  const { config = {}, baseDirectory = process.cwd(), connectors, environment = process.env } = options;
  const parsed =
    typeof config === 'string' ? readConfig(config) : parseConfig(config, { file: 'config', baseDirectory });
  const { interlock } = await startGateway({ config: parsed, connectors, environment });
  return interlock;
}
