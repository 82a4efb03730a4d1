import { z } from 'zod';
import type { Effect } from '../../action/effect.ts';
import type { FactType } from '../../action/fact.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { AnyConnector, AnyOperation, Enricher, Evidence, Repeat } from '../contract.ts';
import { readEffectOf } from '../read-effect.ts';
import { effectCasesOf, judgesOf } from './effect-cases.ts';
import type { ConformanceFixtures, Judge } from './fixtures.ts';

/** What a connector says of itself, for machines: kept as `descriptor.json` beside it, and compared when it changes. */
export interface ConnectorDescriptor {
  readonly v: 1;
  readonly system: string;
  readonly title: string;
  /** JSON schema; secrets are references. */
  readonly settings: Json;
  readonly simulated: boolean;
  readonly labels: readonly string[];
  readonly operations: readonly DescribedOperation[];
  readonly facts: readonly DescribedFact[];
}

export interface DescribedFact {
  readonly name: string;
  readonly title: string;
  readonly type: FactType;
  readonly about: Enricher['about'];
  readonly ttlMs: number;
  readonly evidence: readonly Evidence['mark'][];
}

export interface DescribedOperation {
  readonly name: string;
  readonly kind: 'read' | 'write';
  readonly activity: string;
  readonly description: string;
  readonly input: Json;
  readonly output: Json;
  readonly effectKinds: readonly string[];
  /** What at least one input shows it to be: `external`, `privileged`, `irreversible`. */
  readonly mayBe: readonly string[];
  readonly repeat: Repeat['class'];
  readonly undo: 'operation' | 'none';
  /** Whether an unknown outcome can be settled by reading back. */
  readonly readBack: boolean;
  readonly resourceTypes: readonly string[];
  /** What reading it attaches, over all samples. */
  readonly labels: readonly string[];
  readonly evidence: readonly Evidence['mark'][];
  readonly judgedBy: readonly Judge[];
  /** The operations that a call of it can carry. */
  readonly parts?: readonly string[];
}

export interface Described {
  readonly connector: AnyConnector;
  readonly fixtures: ConformanceFixtures;
  readonly operations: readonly AnyOperation[];
  readonly labels: readonly string[];
  readonly enrichers: readonly Enricher[];
}

export function descriptorOf({ connector, fixtures, operations, labels, enrichers }: Described): ConnectorDescriptor {
  return {
    v: 1,
    system: connector.system,
    title: connector.title,
    settings: schemaOf(connector.settings, 'input'),
    simulated: connector.simulate !== undefined,
    labels: [...labels].sort(),
    operations: operations.map((operation) => describedOf(operation, fixtures)),
    facts: enrichers.map(({ evidence, fetch: _, ...said }) => ({
      ...said,
      evidence: evidence.map(({ mark }) => mark),
    })),
  };
}

function describedOf(operation: AnyOperation, fixtures: ConformanceFixtures): DescribedOperation {
  const { name, kind } = operation;
  const repeat = operation.kind === 'read' ? undefined : operation.repeat;
  const marks = [...operation.evidence, ...(repeat === undefined ? [] : [repeat.evidence])].map(({ mark }) => mark);
  return {
    name,
    kind,
    activity: operation.activity ?? 'tool',
    description: operation.description,
    input: schemaOf(operation.input, 'input'),
    output: schemaOf(operation.output, 'output'),
    effectKinds: operation.kind === 'read' ? ['read'] : [...operation.effectKinds].sort(),
    mayBe: mayBe(operation, fixtures),
    repeat: repeat?.class ?? 'read-only',
    undo: operation.kind === 'write' && typeof operation.undo === 'function' ? 'operation' : 'none',
    readBack: operation.kind === 'write' && operation.probe !== undefined,
    resourceTypes: [...operation.resourceTypes].sort(),
    labels: labelsOf(operation, fixtures),
    evidence: [...new Set(marks)].sort(),
    judgedBy: judgesOf(fixtures, name),
    ...(operation.kind === 'write' && operation.batch !== undefined
      ? { parts: operation.batch.operations.map((part) => part.name) }
      : {}),
  };
}

function mayBe(operation: AnyOperation, fixtures: ConformanceFixtures): readonly string[] {
  const effects = effectsShown(operation, fixtures);
  return [
    ...(effects.some(({ external }) => external) ? ['external'] : []),
    ...(effects.some(({ reversible }) => reversible === 'no') ? ['irreversible'] : []),
    ...(effects.some(({ privileged }) => privileged) ? ['privileged'] : []),
  ];
}

function effectsShown(operation: AnyOperation, fixtures: ConformanceFixtures): readonly Effect[] {
  if (operation.kind === 'read') return [readEffectOf(operation)];
  return effectCasesOf(fixtures)
    .filter((each) => each.operation === operation.name)
    .flatMap(({ input }) => {
      const parsed = operation.input.safeParse(input);
      return parsed.success ? [operation.effect(parsed.data)] : [];
    });
}

function labelsOf(operation: AnyOperation, { samples }: ConformanceFixtures): readonly string[] {
  const found = samples
    .filter((sample) => sample.operation === operation.name)
    .flatMap(({ input }) => {
      const parsed = operation.input.safeParse(input);
      return parsed.success ? (operation.labels?.(parsed.data) ?? []) : [];
    });
  return [...new Set(found)].sort();
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const json: unknown = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return isJsonObject(json) ? JSON.parse(JSON.stringify(json)) : {};
}
