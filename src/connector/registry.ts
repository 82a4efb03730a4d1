import { type Action, type ActionMode, type Call, type Principal, partId } from '../action/action.ts';
import { type FactDescriptor, type FactValue, type OwnFact, USER_SUBJECT } from '../action/fact.ts';
import { OWN_SYSTEM, operationName, systemName } from '../action/names.ts';
import type { Catalog } from '../action/operation-descriptor.ts';
import type { RequestShape } from '../action/request-shape.ts';
import { type CanonicalTexts, canonicalJson } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import { type Digest, digestOf } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import { explainIssues } from '../lib/explain-issues.ts';
import type { JsonObject } from '../lib/json.ts';
import { isSameJson } from '../lib/same-json.ts';
import { readParts } from './batch-operation.ts';
import { catalogOf } from './catalog-of.ts';
import { clientOf, type RegistryEnvironment } from './client-of.ts';
import type { AnyConnector, ConnectedSystem, Enricher, ExecutionContext } from './contract.ts';
import { describe, parseInput, type Sent, snapshot } from './describe-action.ts';
import { factDescriptor } from './fact-name.ts';
import { findTransform } from './find-transform.ts';
import type { RegisteredOperation } from './registered-operation.ts';

/** One configured instance of a connector. */
export interface ConnectorInstance {
  /** Its name, the first segment of its operations; two instances of one connector have different ones. */
  readonly system: string;
  readonly connector: AnyConnector;
  /** As in the configuration, secrets resolved. */
  readonly settings: JsonObject;
  /** Tells the system of the trace that a call is part of. Default: it learns nothing of it. */
  readonly passesTrace?: boolean | undefined;
}

/** What is needed to make an action of a call. */
export interface Normalise {
  readonly call: Call;
  readonly id: string;
  readonly mode: ActionMode;
  readonly principal: Principal;
}

/** A fact of one connected system, and what it takes to look it up. */
export interface Lookup {
  readonly descriptor: FactDescriptor;
  readonly enricher: Enricher;
  /** What a value says of the resource that the fact is about. */
  labelsOf(value: FactValue): readonly string[];
  context(signal: AbortSignal): ExecutionContext;
}

interface Connected {
  readonly system: string;
  readonly connected: ConnectedSystem;
  readonly context: RegisteredOperation['context'];
}

/** The connected systems of one gateway and their operations, by name. */
export class Registry {
  readonly catalog: Catalog;
  readonly #operations: ReadonlyMap<string, RegisteredOperation>;
  readonly #systems: readonly Connected[];

  private constructor(systems: readonly Connected[], ownFacts: readonly OwnFact[]) {
    this.#systems = systems;
    this.#operations = registerAll(systems);
    this.catalog = catalogOf(systems, this.#operations, ownFacts);
  }

  /** Connects every instance. Throws CONNECTOR_INVALID naming the system and what is wrong with it. */
  static async connect(
    instances: readonly ConnectorInstance[],
    environment: RegistryEnvironment,
    ownFacts: readonly OwnFact[] = [],
  ): Promise<Registry> {
    const systems: Connected[] = [];
    try {
      for (const instance of instances) {
        if (systems.some(({ system }) => system === instance.system))
          throw new InterlockError('CONNECTOR_INVALID', `two systems have the name ${instance.system}`);
        systems.push(await connect(instance, environment));
      }
      return new Registry(systems, ownFacts);
    } catch (thrown) {
      await Promise.all(systems.map(({ connected }) => connected.close?.()));
      throw thrown;
    }
  }

  all(): Iterable<RegisteredOperation> {
    return this.#operations.values();
  }

  /** How the operations of a system look on the wire; none where its connector does not say, or there is no such system. */
  requests(system: string): readonly RequestShape[] {
    return this.#systems.find((connected) => connected.system === system)?.connected.requests ?? [];
  }

  /** What is known of an operation, also where it may not be used now: for what it was used for before. */
  known(name: string): RegisteredOperation | undefined {
    return this.#operations.get(name);
  }

  /** Throws UNKNOWN_OPERATION, and the code of an operation that exists but may not be used. */
  operation(name: string): RegisteredOperation {
    for (const { connected } of this.#systems) {
      const refused = connected.refused?.().find((entry) => entry.operation === name);
      if (refused !== undefined) throw new InterlockError(refused.code, refused.detail);
    }
    const operation = this.#operations.get(name);
    if (operation === undefined)
      throw new InterlockError(
        'UNKNOWN_OPERATION',
        `no connector has the operation ${JSON.stringify(name.slice(0, 100))}`,
      );
    return operation;
  }

  /**
   * The call as an action: parsed, with its effect and what it touches. What the caller holds is copied first, so that
   * nothing can change under the decision. Throws UNKNOWN_OPERATION, INVALID_INPUT and what {@link snapshot} throws.
   */
  normalise({ call, id, mode, principal }: Normalise): Action {
    const operation = this.operation(call.operation);
    const sent = snapshot(call.input);
    const input = parseInput(operation.definition.input, sent.input);
    const described = describe(operation, input);
    const action = {
      id,
      mode,
      principal,
      callDigest: digestOfSent(mode, call, sent),
      ...described,
      texts: textsOf(input, sent),
    };
    return { ...action, ...this.#partsOf(operation, action) };
  }

  /** The same action with another input, as obligations changed it. Throws INVALID_INPUT where it no longer parses. */
  withInput(action: Action, changed: JsonObject): Action {
    const operation = this.operation(action.operation);
    const input = parseInput(operation.definition.input, changed);
    const again = { ...action, ...describe(operation, input), texts: textsOf(input) };
    return { ...again, ...this.#partsOf(operation, again) };
  }

  /** What a batch carries, as actions; a part of what may not be used now is refused with the whole. */
  #partsOf({ definition, system }: RegisteredOperation, action: Action): Pick<Action, 'parts'> {
    if (definition.kind === 'read' || definition.batch === undefined) return {};
    const { parts: callsIn, operations } = definition.batch;
    const read = readParts(callsIn(action.input), operations);
    const parts = read.map(({ part, input }, index): Action => {
      const operation = this.operation(renamed(part.name, system));
      const { id, mode, principal } = action;
      const call = { operation: operation.name, input };
      const described = describe(operation, input);
      return {
        id: partId(id, index + 1),
        partOf: id,
        mode,
        principal,
        callDigest: callDigestOf(mode, call),
        ...described,
      };
    });
    return { parts };
  }

  /** Proves each system's credential by a harmless call; answers what is wrong, by system. */
  async check(): Promise<ReadonlyMap<string, InterlockError | undefined>> {
    const results = new Map<string, InterlockError | undefined>();
    for (const { system, connected, context } of this.#systems) {
      results.set(system, undefined);
      try {
        await connected.check?.(context('check', AbortSignal.timeout(10_000)));
      } catch (thrown) {
        results.set(
          system,
          thrown instanceof InterlockError
            ? thrown
            : new InterlockError('SYSTEM_UNAVAILABLE', undefined, { cause: thrown }),
        );
      }
    }
    return results;
  }

  /** Everything that can be looked up, by the name that policies have for it. Throws CONNECTOR_INVALID for two of one name. */
  lookups(): ReadonlyMap<string, Lookup> {
    const lookups = new Map<string, Lookup>();
    for (const { system, connected, context } of this.#systems) {
      for (const enricher of connected.enrichers ?? []) {
        const descriptor = factDescriptor(system, enricher);
        if (lookups.has(descriptor.name))
          throw new InterlockError('CONNECTOR_INVALID', `${system}: the fact ${descriptor.name} exists twice`);
        if (enricher.labels !== undefined && enricher.about === USER_SUBJECT)
          throw new InterlockError('CONNECTOR_INVALID', `${descriptor.name} is about users, who carry no labels`);
        const labelsOf = (value: FactValue) => labelsBy(enricher, value, connected.labels);
        lookups.set(descriptor.name, { descriptor, enricher, labelsOf, context: (signal) => context('fact', signal) });
      }
    }
    return lookups;
  }

  async close(): Promise<void> {
    await Promise.all(this.#systems.map(({ connected }) => connected.close?.()));
  }
}

/** Made after the connector has seen the input. Most inputs are what was sent, whose text is there. */
function textsOf(input: JsonObject, sent?: Sent): CanonicalTexts {
  const text = sent !== undefined && isSameJson(input, sent.input) ? sent.text : canonicalJson(input);
  return new Map([[input, text]]);
}

/** The digest by which a call is known again. Throws what {@link snapshot} throws. */
export function callDigestOf(mode: ActionMode, call: Call): Digest {
  return digestOfSent(mode, call, snapshot(call.input));
}

function digestOfSent(mode: ActionMode, { operation }: Call, { input, text }: Sent): Digest {
  return digestOf({ mode, operation, input }, new Map([[input, text]]));
}

async function connect(instance: ConnectorInstance, environment: RegistryEnvironment): Promise<Connected> {
  const { system, connector } = instance;
  if (system === OWN_SYSTEM) {
    throw new InterlockError(
      'CONNECTOR_INVALID',
      `"${OWN_SYSTEM}" names what is Interlock's own; call the system otherwise`,
    );
  }
  if (!systemName.safeParse(system).success)
    throw new InterlockError(
      'CONNECTOR_INVALID',
      `"${system}" is not a name for a system: one lower-case kebab-case word`,
    );
  const settings = connector.settings.safeParse(instance.settings);
  if (!settings.success)
    throw new InterlockError(
      'CONNECTOR_INVALID',
      `the settings of ${system}: ${explainIssues(connector.settings, settings.error)}`,
    );
  const { meter: _, ...given } = environment;
  const connected = await connector.connect(settings.data, { ...given, system });
  const http = clientOf(connected, instance, environment);
  return {
    system,
    connected,
    context: (actionId, signal) => ({ actionId, signal, http, clock: environment.clock as Clock }),
  };
}

function registerAll(systems: readonly Connected[]): ReadonlyMap<string, RegisteredOperation> {
  const operations = new Map<string, RegisteredOperation>();
  for (const { system, connected, context } of systems) {
    const systemLabels = new Set(connected.labels);
    for (const definition of connected.operations) {
      const name = renamed(definition.name, system);
      if (!operationName.safeParse(name).success)
        throw new InterlockError('CONNECTOR_INVALID', `${system}: "${name}" is not a name for an operation`);
      if (operations.has(name))
        throw new InterlockError('CONNECTOR_INVALID', `${system}: the operation ${name} exists twice`);
      const transformed = findTransform(definition.input);
      if (transformed !== undefined)
        throw new InterlockError(
          'CONNECTOR_INVALID',
          `${name}: the schema turns ${transformed} into something else; declare what is sent, and convert it in \`execute\``,
        );
      operations.set(name, { name, system, definition, systemLabels, context });
    }
  }
  return operations;
}

/** An instance with a name of its own speaks of its operations under that name. */
export function renamed(operation: string, system: string): string {
  return system + operation.slice(operation.indexOf('.'));
}

/** All of them, where the connector cannot say which, or says what it does not declare. */
function labelsBy({ labels }: Enricher, value: FactValue, declared: readonly string[]): readonly string[] {
  try {
    const found = labels?.(value) ?? [];
    return found.every((label) => declared.includes(label)) ? [...new Set(found)].sort() : declared;
  } catch {
    return declared;
  }
}
