import type { LocalWork } from '../surface/cli/cli-context.ts';
import type { Config } from './config.ts';
import type { Place } from './place.ts';

/** What the commands of the CLI have done on this machine. Each loads its own part only: most need few of them. */
export function localWork(place: Place): LocalWork {
  const { directory, environment } = place;
  const configOf = async (file: string | undefined): Promise<Config> =>
    (await import('./find-config.ts')).findConfig(file, directory);
  const desk = async (file: string | undefined) => ({ config: await configOf(file), environment, directory });
  const logDesk = { configOf, environment, directory };
  const drainPlace = async (file: string | undefined) => ({
    ...{ config: await configOf(file), environment },
    logger: (await import('./logger.ts')).createLogger('info'),
  });
  const propose = async (file: string | undefined, system: string): Promise<string> => {
    const { intake, settings, connectorEnvironment } = await intakeOf(await desk(file), system);
    return intake.propose(settings, connectorEnvironment);
  };
  return {
    dev: async (options) => (await import('./dev.ts')).dev(place, options),
    serve: async ({ config }) => (await import('./serve.ts')).serve(place, await configOf(config)),
    worker: async ({ config }) => (await import('./worker.ts')).worker(place, await configOf(config)),
    doctor: async (file) => (await import('./doctor.ts')).doctor({ file, directory, environment }),
    check: async ({ config, action }) => (await import('./policy-desk.ts')).check(await desk(config), action),
    lint: async ({ config, policies }) => (await import('./policy-desk.ts')).lint(await desk(config), policies),
    testPolicies: async ({ config, cases }) =>
      (await import('./policy-desk.ts')).testPolicies(await desk(config), cases),
    verifyLog: async (options) => (await import('./log-desk.ts')).verify(logDesk, options),
    verifyExport: async (options) => (await import('./log-desk.ts')).verifyLines(logDesk, options),
    async *exportLog(options) {
      yield* (await import('./log-desk.ts')).exportLines(logDesk, options);
    },
    proveEvent: async (options) => (await import('./log-desk.ts')).prove(logDesk, options),
    verifyProof: async (options) => (await import('./log-desk.ts')).judgeProof(logDesk, options),
    pastWorkflows: async (options) => (await import('./past-desk.ts')).pastWorkflows(logDesk, options),
    askPast: async (options) => (await import('./past-desk.ts')).askPast(logDesk, options),
    drainOnce: async (file) => (await import('./drain-ledger.ts')).drainOnce(await drainPlace(file)),
    drainAlong: async (file) => (await import('./drain-ledger.ts')).drainAlong(await drainPlace(file)),
    deadFacts: async (file) => (await import('./facts-desk.ts')).deadFacts(await desk(file)),
    replayFacts: async ({ config, chosen }) =>
      (await import('./facts-desk.ts')).replayFacts(await desk(config), chosen),
    discardFacts: async ({ config, chosen }) =>
      (await import('./facts-desk.ts')).discardFacts(await desk(config), chosen),
    operations: async (config) => (await import('./operations.ts')).operations(await desk(config)),
    testConnector: async (connector) =>
      (await import('./conformance/connector-desk.ts')).testConnector(directory, connector),
    describeConnector: async (connector) =>
      (await import('./conformance/connector-desk.ts')).describeConnector(directory, connector),
    newConnector: async (options) =>
      (await import('./new-connector/new-connector.ts')).newConnector(directory, options),
    simulate: async (options) => (await import('./simulate.ts')).simulate(directory, options),
    mcpStdio: async ({ config, ...options }) =>
      (await import('./mcp-stdio.ts')).mcpStdio(place, await configOf(config), options),
    proposeManifest: ({ config, system }) => propose(config, system),
    importManifest: async ({ config, kind, source }) =>
      kind === 'mcp'
        ? propose(config, source)
        : (await import('./import-manifest.ts')).importManifest(kind, source, directory),
    acceptDefinition: async ({ config, system, tool }) => {
      const { intake, settings, connectorEnvironment } = await intakeOf(await desk(config), system);
      return intake.accept(settings, connectorEnvironment, tool);
    },
    newKey: async (options) => (await import('./new-key.ts')).newKey(options),
  };
}

const intakeOf: typeof import('./intake.ts').intakeOf = async (...args) =>
  (await import('./intake.ts')).intakeOf(...args);
