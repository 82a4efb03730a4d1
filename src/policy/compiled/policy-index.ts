import type { PolicyEntity } from '../../action/policy-port.ts';
import { ActionGroups } from './action-groups.ts';
import { Ancestors } from './ancestors.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { DescribeAction, EvaluationState } from './evaluation-state.ts';
import { type CandidateLists, PolicyBucket } from './policy-bucket.ts';
import type { EntityScope } from './policy-scope.ts';
import { RefMap } from './ref-map.ts';

/** Stands for every type that no policy names. */
const OTHER = '';
/** Entries, and candidates of buckets, that are remembered together; past it, all are found anew. */
const REMEMBERED_MAX = 1_000_000;

/** What is known of the actions of one class. */
interface ClassEntry {
  readonly policies: readonly CompiledPolicy[];
  /** By the type of the principal, then of the resource. */
  readonly buckets: Map<string, Map<string, PolicyBucket>>;
}

/** Finds the policies that may match a request, and remembers whatever the policies alone decide. */
export class PolicyIndex {
  readonly #groups: ActionGroups;
  readonly #describeAction: DescribeAction;
  readonly #principalTypes: ReadonlySet<string>;
  readonly #resourceTypes: ReadonlySet<string>;
  #byAction = new RefMap<ClassEntry>();
  #byClass = new Map<string, ClassEntry>();
  #remembered = 0;

  /** `policies` in the order of ranks. */
  constructor(policies: readonly CompiledPolicy[], describeAction: DescribeAction) {
    this.#groups = new ActionGroups(policies);
    this.#describeAction = describeAction;
    this.#principalTypes = new Set(policies.flatMap(({ principal }) => typeOf(principal) ?? []));
    this.#resourceTypes = new Set(policies.flatMap(({ resource }) => typeOf(resource) ?? []));
  }

  /** Adds lists of candidates, each in the order of ranks. Together they have every policy that can match, each once. */
  collect(state: EvaluationState, lists: CandidateLists): void {
    const entry = this.#entryOf(state);
    const bucket = entry.buckets.get(state.principal.type)?.get(state.resource.type) ?? this.#bucket(entry, state);
    bucket.collect(state, lists);
  }

  #entryOf(state: EvaluationState): ClassEntry {
    const described = state.request?.entity(state.action);
    // What a request says of its action holds for this request alone.
    if (described !== undefined) return this.#classOf(state, state.ancestorsOf(state.action));
    const known = this.#byAction.get(state.action);
    if (known !== undefined) return known;
    const describe = (ref: typeof state.action): PolicyEntity | undefined => this.#describeAction(ref);
    const entry = this.#classOf(state, new Ancestors(describe(state.action), describe));
    this.#remember(1);
    this.#byAction.set(state.action, entry);
    return entry;
  }

  #classOf({ action }: EvaluationState, ancestors: Ancestors): ClassEntry {
    const { key, groups } = this.#groups.classOf(action, ancestors.refs);
    const known = this.#byClass.get(key);
    if (known !== undefined) return known;
    const policies = groups.flatMap((group) => group.policies).sort((a, b) => a.rank - b.rank);
    const entry: ClassEntry = { policies, buckets: new Map() };
    this.#remember(policies.length + 1);
    this.#byClass.set(key, entry);
    return entry;
  }

  #bucket({ policies, buckets }: ClassEntry, { principal, resource }: EvaluationState): PolicyBucket {
    const principalType = this.#principalTypes.has(principal.type) ? principal.type : OTHER;
    const resourceType = this.#resourceTypes.has(resource.type) ? resource.type : OTHER;
    let bucket = buckets.get(principalType)?.get(resourceType);
    if (bucket === undefined) {
      bucket = new PolicyBucket(
        policies.filter((policy) => allows(policy.principal, principalType) && allows(policy.resource, resourceType)),
      );
      this.#remember(bucket.size + 1);
      place(buckets, [principalType, resourceType], bucket);
    }
    // Under the types' own names, too, so that the next request finds it at once.
    this.#remember(1);
    place(buckets, [principal.type, resource.type], bucket);
    return bucket;
  }

  #remember(count: number): void {
    this.#remembered += count;
    if (this.#remembered <= REMEMBERED_MAX) return;
    this.#byAction = new RefMap();
    this.#byClass = new Map();
    this.#remembered = count;
  }
}

function place(buckets: ClassEntry['buckets'], types: readonly [string, string], bucket: PolicyBucket): void {
  const [principalType, resourceType] = types;
  const byResource = buckets.get(principalType);
  if (byResource === undefined) buckets.set(principalType, new Map([[resourceType, bucket]]));
  else byResource.set(resourceType, bucket);
}

function typeOf({ type, equals }: EntityScope): string | undefined {
  return type ?? equals?.type;
}

function allows(scope: EntityScope, type: string): boolean {
  return (typeOf(scope) ?? type) === type;
}
