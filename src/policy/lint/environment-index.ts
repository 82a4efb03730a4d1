import type { Domain } from './domain.ts';
import type { Environment } from './environment.ts';
import type { Mentions } from './mentions.ts';
import { scalarKey } from './term.ts';

/** Environments that are alike to those who ask. */
export interface EnvironmentClass {
  /** One of them, for all. */
  readonly environment: Environment;
  readonly operations: ReadonlySet<string>;
}

/** Finds what a policy has to be looked at in: the cost of a set must not grow with policies × operations. */
export class EnvironmentIndex {
  readonly all: readonly Environment[];
  readonly #byName = new Map<string, Environment[]>();
  readonly #classes = new Map<string, readonly EnvironmentClass[]>();

  constructor(environments: readonly Environment[]) {
    this.all = environments;
    for (const environment of environments) {
      for (const name of environment.names) {
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [environment]);
        else known.push(environment);
      }
    }
  }

  /** Those whose action is, or is in, any of these; all of them where nothing is named. */
  within(names: ReadonlySet<string> | undefined): readonly Environment[] {
    if (names === undefined) return this.all;
    const found = [...names].map((name) => this.#byName.get(name) ?? []);
    return found.length === 1 && found[0] !== undefined ? found[0] : [...new Set(found.flat())];
  }

  /** The same, one for each class of those that `mentions` cannot tell apart. */
  classes(names: ReadonlySet<string> | undefined, mentions: Mentions): readonly EnvironmentClass[] {
    const key = JSON.stringify([
      names && [...names].sort(),
      [...mentions.actions].sort(),
      [...mentions.attributes].sort(),
      mentions.usesResource,
    ]);
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    const classes = new Map<string, { environment: Environment; operations: Set<string> }>();
    for (const environment of this.within(names)) {
      const kind = signatureOf(environment, mentions);
      const like = classes.get(kind);
      if (like === undefined) classes.set(kind, { environment, operations: new Set([environment.operation]) });
      else like.operations.add(environment.operation);
    }
    const found = [...classes.values()];
    if (this.#classes.size >= MOST_KEPT) this.#classes.clear();
    this.#classes.set(key, found);
    return found;
  }
}

/** Answers that are kept: a set of as many policies as can be loaded asks for a few hundred. */
const MOST_KEPT = 20_000;

function signatureOf(environment: Environment, { actions, attributes, usesResource }: Mentions): string {
  const context = environment.variables.get('context');
  const { isElsewhere, names, resourceType } = environment;
  return JSON.stringify([
    isElsewhere,
    [...actions].filter((name) => names.has(name)),
    usesResource && [resourceType, environment.operation.slice(0, environment.operation.indexOf('.'))],
    context && domainSignature(context, attributes),
  ]);
}

const FUNCTION_NUMBERS = new WeakMap<object, number>();
let functions = 0;

/** Equal for domains that are equal in these attributes. */
function domainSignature(domain: Domain, attributes: ReadonlySet<string>): unknown {
  switch (domain.is) {
    case 'record': {
      const fields = [...domain.fields].filter(([name]) => attributes.has(name));
      return fields.map(([name, field]) => [name, field.isRequired, domainSignature(field.domain, attributes)]);
    }
    case 'number':
      return [domain.type, scalarKey(domain.min), scalarKey(domain.max)];
    case 'string':
      return ['string', domain.values && [...domain.values].sort(), domain.accepts && numberOf(domain.accepts)];
    case 'set':
      return ['set', domain.isEmpty, domainSignature(domain.element, attributes)];
    case 'entity':
      return domain.type;
    case 'boolean':
      return domain.only ?? 'boolean';
    default:
      return domain.is;
  }
}

/** Functions cannot be compared, so each is one of its own. */
function numberOf(of: object): number {
  const known = FUNCTION_NUMBERS.get(of);
  if (known !== undefined) return known;
  functions += 1;
  FUNCTION_NUMBERS.set(of, functions);
  return functions;
}
