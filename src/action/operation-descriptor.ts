import type { z } from 'zod';
import type { Activity } from './action.ts';
import type { EffectKind } from './effect.ts';
import type { FactDescriptor } from './fact.ts';
import type { ResourceType } from './resource.ts';

/** What policies must know of an operation to be checked against it; made from connectors, read by the schema generator. */
export interface OperationDescriptor {
  readonly operation: string;
  readonly system: string;
  readonly title: string;
  readonly activity: Activity;
  readonly input: z.ZodObject;
  /** Fields derived for policies, next to the input's own, in `context.input`. */
  readonly facets?: z.ZodObject | undefined;
  /** Kinds of effect that some input can have; the operation is a member of each kind's group of actions. */
  readonly effectKinds: readonly EffectKind[];
  readonly resourceTypes: readonly ResourceType[];
  readonly output: z.ZodType;
  /** Facts that can be known about its user or what it touches; left out: none. */
  readonly facts?: readonly FactDescriptor[] | undefined;
}

/** Attributes of a resource type: flat, always optional for policies, because nobody may have described the entity. */
export interface ResourceTypeDescriptor {
  readonly type: ResourceType;
  readonly attributes: Readonly<Record<string, 'String' | 'Long' | 'Bool'>>;
}

/** Everything that the connectors of one gateway declare. */
export interface Catalog {
  readonly systems: readonly string[];
  readonly labels: readonly string[];
  readonly operations: readonly OperationDescriptor[];
  readonly resourceTypes: readonly ResourceTypeDescriptor[];
  readonly facts?: readonly FactDescriptor[] | undefined;
}
