import type { z } from 'zod';
import { EFFECT_KINDS, type Effect, type EffectKind, effectSchema } from '../action/effect.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { AnyOperation, Batch, PartCall, WriteOperation } from './contract.ts';
import { readEffectOf } from './read-effect.ts';

/** What a connector says of a call that carries others; its effect, resources and labels come from the parts. */
export type BatchDeclaration<I extends z.ZodObject, O extends z.ZodType> = Pick<
  WriteOperation<I, O>,
  'name' | 'description' | 'activity' | 'input' | 'output' | 'repeat' | 'probe' | 'execute' | 'evidence'
> &
  Batch<z.output<I>>;

/** Declares an operation that carries others. What it does is the worst that any part does, and the sum of their counts. */
export function batchOperation<I extends z.ZodObject, O extends z.ZodType>(
  declaration: BatchDeclaration<I, O>,
): WriteOperation<I, O> {
  const { operations, parts, outcomes, ...rest } = declaration;
  const partsOf = (input: z.output<I>) => readParts(parts(input), operations);
  return {
    ...rest,
    kind: 'write',
    resourceTypes: atLeastOne([...new Set(operations.flatMap(({ resourceTypes }) => resourceTypes))]),
    resources: (input) => atLeastOne(partsOf(input).flatMap(({ part, input }) => part.resources(input))),
    labels: (input) => [...new Set(partsOf(input).flatMap(({ part, input }) => part.labels?.(input) ?? []))],
    effect: (input) => togetherOf(partsOf(input).map(({ part, input }) => effectOf(part, input))),
    effectKinds: atLeastOne(EFFECT_KINDS.filter((kind) => operations.some((part) => kindsOf(part).includes(kind)))),
    undo: { none: 'A batch is taken back part by part, by whatever undoes each of them.' },
    batch: { operations, parts, outcomes },
  };
}

/** One part with its input parsed. */
export interface ReadPart {
  readonly part: AnyOperation;
  readonly input: JsonObject;
}

/** Finds and parses every part. Throws INVALID_INPUT for one that is no operation of the batch, and TOO_LARGE past the bound. */
export function readParts(calls: readonly PartCall[], operations: readonly AnyOperation[]): readonly ReadPart[] {
  if (calls.length === 0) throw new InterlockError('INVALID_INPUT', 'a batch has at least one part');
  if (calls.length > BOUNDS.batchParts)
    throw new InterlockError('TOO_LARGE', `a batch has at most ${BOUNDS.batchParts} parts`);
  return calls.map(({ operation, input }, index) => {
    const part = operations.find(({ name }) => name === operation);
    if (part === undefined || (part.kind === 'write' && part.batch !== undefined))
      throw new InterlockError('INVALID_INPUT', `part #${index + 1}: ${operation} cannot be a part of this batch`);
    const parsed = part.input.safeParse(input);
    if (parsed.success) return { part, input: parsed.data as JsonObject }; // schemas of operations speak JSON
    const [issue] = parsed.error.issues;
    const place = issue === undefined ? 'its input' : ['input', ...issue.path].join('.');
    throw new InterlockError('INVALID_INPUT', `part #${index + 1}: ${place}: ${issue?.message ?? 'is not valid'}`);
  });
}

function kindsOf(part: AnyOperation): readonly EffectKind[] {
  return part.kind === 'read' ? ['read'] : part.effectKinds;
}

function effectOf(part: AnyOperation, input: JsonObject): Effect {
  return part.kind === 'read' ? readEffectOf(part) : effectSchema.parse(part.effect(input));
}

/** From harmless to worst: what a policy about the whole batch sees is the worst of its parts. */
const KINDS: readonly EffectKind[] = [
  'read',
  'create',
  'update',
  'communicate',
  'spend',
  'isolate',
  'delete',
  'privilege',
  'execute',
];
const REVERSIBLE: readonly Effect['reversible'][] = ['operation', 'window', 'no'];

function togetherOf(effects: readonly Effect[]): Effect {
  const dataClasses = [...new Set(effects.flatMap((effect) => effect.dataClasses ?? []))];
  return {
    kind: worst(KINDS, effects, ({ kind }) => kind),
    reversible: worst(REVERSIBLE, effects, ({ reversible }) => reversible),
    external: effects.some(({ external }) => external),
    privileged: effects.some(({ privileged }) => privileged),
    count: effects.reduce((sum, { count }) => sum + count, 0),
    ...amountOf(effects),
    ...(dataClasses.length === 0 ? {} : { dataClasses }),
  };
}

function worst<T>(order: readonly T[], effects: readonly Effect[], of: (effect: Effect) => T): T {
  const rank = Math.max(...effects.map((effect) => order.indexOf(of(effect))));
  return atLeastOne(order.slice(rank))[0];
}

/** Sums of one currency only; parts in several make a batch that is refused, because no limit could count it. */
function amountOf(effects: readonly Effect[]): Pick<Effect, 'amount'> {
  const [first, ...others] = effects.flatMap(({ amount }) => amount ?? []);
  if (first === undefined) return {};
  if (others.some(({ currency }) => currency !== first.currency))
    throw new InterlockError('INVALID_INPUT', 'a batch pays in one currency only');
  return {
    amount: { ...first, minorUnits: others.reduce((sum, { minorUnits }) => sum + minorUnits, first.minorUnits) },
  };
}

function atLeastOne<T>(items: readonly T[]): readonly [T, ...T[]] {
  const [first, ...others] = items;
  if (first === undefined) throw new InterlockError('CONNECTOR_INVALID', 'a batch carries at least one operation');
  return [first, ...others];
}
