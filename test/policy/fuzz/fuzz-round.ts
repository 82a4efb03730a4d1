import type { EntityRef, PolicyEntity, PolicyRequest } from '../../../src/action/policy-port.ts';
import { type Cedar, freshCedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import { type CompiledPolicies, compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';
import { Chance } from './chance.ts';
import { type FuzzPolicy, makePolicies } from './fuzz-policies.ts';
import { type FuzzRequest, type FuzzWorld, makeRequest, makeWorld } from './fuzz-world.ts';
import { compiledOutcomes, Oracle, type Outcomes } from './outcomes.ts';

export const FORMS = ['source', 'closures'] as const;
export type Form = CompiledPolicies['form'];

/** Everything that a seed makes: policies, and what they are asked. */
export interface Round {
  readonly seed: number;
  readonly world: FuzzWorld;
  readonly policies: readonly FuzzPolicy[];
  readonly requests: readonly FuzzRequest[];
  /** The requests leave it to the schema to describe actions. */
  readonly actionsBySchema: boolean;
}

/** Where the two answer differently. */
export interface Disagreement {
  readonly round: Round;
  readonly request: FuzzRequest;
  readonly form: Form;
}

export interface Tally {
  policies: number;
  requests: number;
  /** Policies × requests; each was evaluated in both forms, and by Cedar. */
  outcomes: number;
  satisfied: number;
  failed: number;
  allowed: number;
  linked: number;
}

const POLICIES = { least: 20, most: 200 };
const REQUESTS = 24;
/** Shares of forbids: with many, everything is denied. */
const FORBIDS = [0, 0.01, 0.02, 0.2];

export function makeRound(seed: number): Round {
  const chance = new Chance(seed);
  const world = makeWorld(chance);
  const type = () => chance.pick(world.entityTypes).name;
  const usual = { principal: type(), resource: type() };
  const kind = {
    typed: chance.is(0.7),
    forbids: chance.pick(FORBIDS),
    count: chance.between(POLICIES.least, POLICIES.most),
  };
  const policies = makePolicies(chance, world, usual, kind);
  const requests = Array.from({ length: REQUESTS }, () => makeRequest(chance, world, usual));
  return { seed, world, policies, requests, actionsBySchema: chance.is(0.5) };
}

/** Adds what happens to the tally; ends at the first disagreement. Throws where either of the two does not take the policies. */
export function playRound(round: Round, tally: Tally, cedar: Cedar = freshCedar()): Disagreement | undefined {
  const oracle = new Oracle(cedar, round.world, round.policies);
  const evaluators = FORMS.map((form) => compileRound(round, form));
  const forbids = new Set(round.policies.filter(({ json }) => json.effect === 'forbid').map(({ id }) => id));
  tally.policies += round.policies.length;
  tally.linked += round.policies.filter(({ slots }) => Object.keys(slots).length > 0).length;
  for (const request of round.requests) {
    const expected = oracle.outcomes(request);
    const asked = requestOf(round, request);
    for (const compiled of evaluators)
      if (!sameOutcomes(compiledOutcomes(compiled, asked), expected)) return { round, request, form: compiled.form };
    tally.requests += 1;
    tally.outcomes += round.policies.length;
    tally.satisfied += expected.satisfied.size;
    tally.failed += expected.failed.size;
    const satisfied = [...expected.satisfied];
    if (satisfied.length > 0 && !satisfied.some((id) => forbids.has(id))) tally.allowed += 1;
  }
  return undefined;
}

export function compileRound(
  { world, policies, actionsBySchema }: Pick<Round, 'world' | 'policies' | 'actionsBySchema'>,
  form: Form,
): CompiledPolicies {
  const describe = finder(world);
  return compilePolicies(actionsBySchema ? { policies, action: describe } : { policies }, { form });
}

export function requestOf(
  { world, actionsBySchema }: Pick<Round, 'world' | 'actionsBySchema'>,
  request: FuzzRequest,
): PolicyRequest {
  const describe = finder(world);
  const isLeftOut = ({ type }: EntityRef) => actionsBySchema && (type === 'Action' || type.endsWith('::Action'));
  return {
    ...request,
    entity: (ref) => (isLeftOut(ref) ? undefined : describe(ref)),
    entities: () => world.entities,
  };
}

export function sameOutcomes(a: Outcomes, b: Outcomes): boolean {
  return sameIds(a.satisfied, b.satisfied) && sameIds(a.failed, b.failed);
}

function sameIds(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const id of a) if (!b.has(id)) return false;
  return true;
}

const finders = new WeakMap<FuzzWorld, (ref: EntityRef) => PolicyEntity | undefined>();

function finder(world: FuzzWorld): (ref: EntityRef) => PolicyEntity | undefined {
  const known = finders.get(world);
  if (known !== undefined) return known;
  const byKey = new Map(world.entities.map(([ref, entity]) => [keyOf(ref), entity]));
  const find = (ref: EntityRef) => byKey.get(keyOf(ref));
  finders.set(world, find);
  return find;
}

function keyOf({ type, id }: EntityRef): string {
  return `${type}\n${id}`;
}
