import type { ConnectorEnvironment, Intake } from '../connector/contract.ts';
import { systemClock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import { explainIssues } from '../lib/explain-issues.ts';
import type { Config } from './config.ts';
import { loadConnector } from './load-connector.ts';
import { createLogger } from './logger.ts';
import { resolveSecrets } from './resolve-secrets.ts';

interface FoundIntake {
  readonly intake: Intake;
  readonly settings: Record<string, unknown>;
  readonly connectorEnvironment: ConnectorEnvironment;
}

/** A configured system whose operations must be accepted, with what its connector needs to list them. Throws NOT_FOUND and CONFIG_INVALID. */
export async function intakeOf(
  {
    config,
    environment,
  }: { readonly config: Config; readonly environment: Readonly<Record<string, string | undefined>> },
  system: string,
): Promise<FoundIntake> {
  const configured = config.connectors[system];
  if (configured === undefined) throw new InterlockError('NOT_FOUND', `the configuration has no connector ${system}`);
  const { baseDirectory } = config;
  const connector = await loadConnector(configured.use, baseDirectory);
  if (connector.intake === undefined)
    throw new InterlockError('CONFIG_INVALID', `the operations of ${system} are classified by its connector`);
  const logger = createLogger('warn');
  const sources = { environment, baseDirectory };
  const settings = connector.settings.safeParse(
    resolveSecrets(configured.settings, { system, schema: connector.settings, sources }),
  );
  if (!settings.success)
    throw new InterlockError(
      'CONFIG_INVALID',
      `the settings of ${system}: ${explainIssues(connector.settings, settings.error)}`,
    );
  return {
    intake: connector.intake,
    settings: settings.data,
    connectorEnvironment: {
      system,
      baseDirectory,
      clock: systemClock,
      log: (level, message, data) => logger[level]({ ...data }, message),
    },
  };
}
