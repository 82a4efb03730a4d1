import type { Action } from '../action/action.ts';
import type { WorkflowLog } from '../action/log-port.ts';
import type { Catalog } from '../action/operation-descriptor.ts';
import type { PolicySet } from '../action/policy-port.ts';
import { type ConnectorInstance, Registry } from '../connector/registry.ts';
import { type Classification, startClassification } from '../enrich/classify/start-classification.ts';
import { type Enrichment, type EnrichmentParts, startEnrichment } from '../enrich/enrichment.ts';
import { type ApiKey, verifyApiKeys } from '../gate/api-keys.ts';
import { assembleInterlock } from '../gate/assemble-interlock.ts';
import type { Interlock } from '../gate/interlock.ts';
import { verifyJwts } from '../gate/jwt.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import { type IdSource, randomIds } from '../lib/ids.ts';
import { buildPolicyRequest } from '../policy/build-request.ts';
import { evaluateAction } from '../policy/evaluate-action.ts';
import { type LoadedPolicySet, loadPolicySet } from '../policy/load-policy-set.ts';
import { type OperationMapping, operationMapping } from '../policy/operation-mapping.ts';
import type { PolicySetCache } from '../policy/sets/policy-set-cache.ts';
import { signalsSeen, signalsShown } from '../policy/signals/signal-record.ts';
import { Signals } from '../workflow/signals/signals.ts';
import type { ViewKeeper } from '../workflow/snapshot/view-keeper.ts';
import { Workflows } from '../workflow/workflows.ts';
import type { Config } from './config.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import { keepViews } from './keep-views.ts';
import { loadConnector } from './load-connector.ts';
import { createLogger, type Logger } from './logger.ts';
import { lookUpQueue } from './look-up-queue.ts';
import { logPlaces, openLog } from './open-log.ts';
import { ownFactsOf } from './own-facts.ts';
import { PoliciesInForce } from './policies-in-force.ts';
import { openPolicyCache } from './policy-cache.ts';
import { PolicyJournal } from './policy-journal.ts';
import { readPolicies } from './read-policies.ts';
import { dereference, resolveSecrets } from './resolve-secrets.ts';
import { type Retention, startRetention } from './retention.ts';
import { startTelemetry } from './telemetry.ts';
import { cedarVersion, version } from './version.ts';

export interface GatewayOptions {
  readonly config: Config;
  /** Where `env:` references are looked up; default: nowhere. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Systems connected in code, besides those of the configuration. */
  readonly connectors?: readonly ConnectorInstance[] | undefined;
  /** Keys besides those of the configuration, as `dev` makes for itself. */
  readonly keys?: readonly ApiKey[] | undefined;
  readonly clock?: Clock | undefined;
  readonly ids?: IdSource | undefined;
  readonly logger?: Logger | undefined;
  /** A log instead of the file that the configuration names. */
  readonly log?: WorkflowLog | undefined;
  /** Where checked policies stay for later gateways. Default: beside the log's file; nowhere for a log without one. */
  readonly policySets?: PolicySetCache | undefined;
  /** Where look-ups of facts wait. Default: in this process. */
  readonly lookUpQueue?: EnrichmentParts['queue'];
}

/** One running gateway: what surfaces call, and what operations need beside it. */
export interface Gateway {
  readonly interlock: Interlock;
  readonly registry: Registry;
  readonly catalog: Catalog;
  readonly policySet: () => PolicySet;
  /** Reads the policies again and puts them in force as one; on any error the good ones stay. */
  readonly reloadPolicies: (by: string) => Promise<PolicySet>;
  readonly judge: PoliciesInForce['judge'];
}

/** Connects the systems, loads the policies, opens the log, takes up what a former process left, and answers. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, clock = systemClock, ids = randomIds(), logger = createLogger('warn') } = options;
  refuseSimulated(options);
  const instances = [...(await configuredConnectors(options)), ...(options.connectors ?? [])];
  const metrics = new GatewayMetrics();
  const systems = { ...connectorEnvironment(config, clock, logger), meter: metrics.http };
  const registry = await Registry.connect(instances, systems, ownFactsOf(config));
  const telemetry = config.telemetry === undefined ? undefined : await startTelemetry(config.telemetry);
  // Its thread starts while the policies are read.
  const opened = Promise.resolve(options.log ?? openLog(config, clock, options.environment ?? {}));
  opened.catch(() => undefined);
  let log: WorkflowLog | undefined;
  let policies: PoliciesInForce | undefined;
  let enrichment: Enrichment | undefined;
  let classification: Classification | undefined;
  let keeper: ViewKeeper | undefined;
  let retention: Retention | undefined;
  const close = async (): Promise<void> => {
    await classification?.close();
    await enrichment?.close();
    await retention?.close();
    await policies?.close();
    await keeper?.close();
    // One that the caller gave is the gateway's to close from when it uses it.
    if (options.log === undefined) log ??= await opened.catch(() => undefined);
    await log?.close();
    await registry.close();
    metrics.close();
    await telemetry?.close();
  };
  try {
    const load = loaderOf(options, registry.catalog, logger);
    const first = await load();
    log = await opened;
    const signals = new Signals(log, (tenant) => workflows.underway(tenant));
    keeper = keepViews({ log, clock, keys: logPlaces(config).checkpoints, secret: sealSecret(options) });
    const workflows: Workflows = new Workflows({ log, clock, ids, follower: signals, keeper, meter: metrics.appends });
    await signals.prepare(first.signals);
    const alarm = (message: string, error: InterlockError): void =>
      logger.error({ code: error.code, detail: error.message, at: framesOf(error.cause ?? error) }, message);
    const { retention: kept } = config;
    if (kept !== undefined) retention = startRetention({ workflows, clock, alarm, ...kept });
    const journal = new PolicyJournal(workflows);
    const judgedShare = config.judge.share;
    const started = await PoliciesInForce.start({
      first,
      load: preparing(signals, load),
      journal,
      clock,
      judgedShare,
      alarm,
    });
    policies = started;
    const lookups = registry.lookups();
    const { concurrency } = config.enrich;
    const looking = startEnrichment({
      lookups,
      workflows,
      clock,
      concurrency,
      alarm,
      policySet: () => started.current,
      queue: options.lookUpQueue ?? (await lookUpQueue(config, options.environment ?? {}, lookups)),
    });
    enrichment = looking;
    if (config.enrich.classify) classification = startClassification({ workflows, clock, alarm });
    const { operations } = registry.catalog;
    const mappings = new Map(operations.map((operation) => [operation.operation, operationMapping(operation)]));
    const interlock = await assembleInterlock({
      registry,
      workflows,
      clock,
      ids,
      policySet: () => started.current,
      evaluate: evaluateWith(mappings, started),
      signals,
      readyFor: (tenant) => signals.ready(tenant),
      request: (action, view, now, values) => {
        const mapping = mappingOf(mappings, action);
        return buildPolicyRequest({ action, view, now, mapping, ...signalsShown(started.current, values) });
      },
      operators: operatorsOf(options),
      alarm,
      lookUpAgain: looking.again,
      moreMetrics: () => metrics.all({ workflows, policies: started, enrichment: looking }),
      close,
    });
    return {
      interlock,
      registry,
      catalog: registry.catalog,
      policySet: () => started.current,
      reloadPolicies: (by) => started.reload(by),
      judge: started.judge,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** What is simulated is started by whoever asks for a gateway, as `dev` does; a gateway for real has no stand-ins. */
function refuseSimulated({ config, connectors = [] }: GatewayOptions): void {
  const given = new Set(connectors.map(({ system }) => system));
  const missing = Object.keys(config.connectors).filter(
    (name) => config.connectors[name]?.simulate && !given.has(name),
  );
  if (missing.length > 0)
    throw new InterlockError('CONFIG_INVALID', `${missing.join(', ')}: \`simulate\` is for \`interlock dev\` only`);
}

/** The instances of the configuration, secrets resolved; simulated ones are started by `dev` and left out here. */
export async function configuredConnectors({
  config,
  environment = {},
}: GatewayOptions): Promise<readonly ConnectorInstance[]> {
  const instances: ConnectorInstance[] = [];
  const sources = { environment, baseDirectory: config.baseDirectory };
  for (const [system, { use, settings, simulate, passTrace }] of Object.entries(config.connectors)) {
    if (simulate) continue;
    const connector = await loadConnector(use, config.baseDirectory);
    instances.push({
      system,
      connector,
      settings: resolveSecrets(settings, { system, schema: connector.settings, sources }),
      passesTrace: passTrace,
    });
  }
  return instances;
}

/** The secret by which gateways on one log believe each other's snapshots. Throws as references do. */
function sealSecret({ config, environment = {} }: GatewayOptions): string | undefined {
  const { redis, baseDirectory } = config;
  if (redis?.seal === undefined) return undefined;
  if (!/^(env|file):/.test(redis.seal))
    throw new InterlockError(
      'CONFIG_INVALID',
      'redis.seal is a secret: write env:NAME or file:path instead of its value',
    );
  return dereference(redis.seal, { system: 'redis', sources: { environment, baseDirectory } });
}

/** Where it was thrown. What it says stays out of the log: a message of somebody else's can hold anything, secrets too. */
function framesOf(thrown: unknown): readonly string[] {
  const lines = thrown instanceof Error ? (thrown.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^ {4}at /.test(line)).map((line) => line.trim());
}

/** What connectors are given of their process. */
export function connectorEnvironment(
  config: Config,
  clock: Clock,
  logger: Logger,
): Parameters<typeof Registry.connect>[1] {
  return {
    clock,
    baseDirectory: config.baseDirectory,
    log: (level, message, data) => logger[level]({ ...data }, message),
  };
}

function loaderOf(options: GatewayOptions, catalog: Catalog, logger: Logger): () => Promise<LoadedPolicySet> {
  const { policies, baseDirectory } = options.config;
  const cache = options.policySets ?? (options.log === undefined ? keptPolicies(options.config, logger) : undefined);
  return async () => loadPolicySet({ files: readPolicies(policies, baseDirectory), catalog, cache });
}

function keptPolicies(config: Config, logger: Logger): PolicySetCache {
  const { policySets, checkpoints } = logPlaces(config);
  return openPolicyCache({
    directory: policySets,
    keys: checkpoints,
    versions: [`interlock ${version()}`, `cedar-wasm ${cedarVersion()}`],
    warn: (message, cause) => logger.warn({ detail: cause instanceof Error ? cause.message : undefined }, message),
  });
}

/** What a set remembers is there before the set is in force. */
function preparing(signals: Signals, load: () => Promise<LoadedPolicySet>): () => Promise<LoadedPolicySet> {
  return async () => {
    const next = await load();
    await signals.prepare(next.signals);
    return next;
  };
}

type Mappings = ReadonlyMap<string, OperationMapping>;

function mappingOf(mappings: Mappings, { operation }: Action): OperationMapping {
  const mapping = mappings.get(operation);
  if (mapping === undefined) throw new InterlockError('INTERNAL', `${operation} is not in the schema`);
  return mapping;
}

function evaluateWith(
  mappings: Mappings,
  policies: PoliciesInForce,
): Parameters<typeof assembleInterlock>[0]['evaluate'] {
  return (policySet, action, view, now, values) => {
    const mapping = mappingOf(mappings, action);
    return evaluateAction({ action, view, now, mapping, ...signalsSeen(policySet, values) }, (request) =>
      policies.evaluate(policySet, request, action),
    );
  };
}

/** Who verifies the credentials of operators. */
export function operatorsOf({
  config,
  keys = [],
}: Pick<GatewayOptions, 'config' | 'keys'>): Parameters<typeof assembleInterlock>[0]['operators'] {
  const byKey = verifyApiKeys([...config.keys, ...keys]);
  return config.jwt === undefined ? [byKey] : [byKey, verifyJwts(config.jwt)];
}
