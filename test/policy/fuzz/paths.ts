import type { Expr, Var } from '@cedar-policy/cedar-wasm/nodejs';
import type { Chance } from './chance.ts';
import type { FuzzWorld, UsualTypes } from './fuzz-world.ts';
import type { FieldType, ValueType } from './value-type.ts';

/** A value that a request has somewhere: `context.a.b`. */
export interface Path {
  readonly root: Var;
  readonly steps: readonly string[];
  readonly type: ValueType;
}

const LONGEST = 3;
/** Of one world; the number grows with a power of its fields. */
const MOST = 400;

export function pathsOf(world: FuzzWorld, usual: UsualTypes): readonly Path[] {
  const paths: Path[] = [
    { root: 'principal', steps: [], type: { is: 'Entity', type: usual.principal } },
    { root: 'resource', steps: [], type: { is: 'Entity', type: usual.resource } },
    { root: 'context', steps: [], type: world.context },
  ];
  // The list grows while it is walked: that is the walk.
  for (const { root, steps, type } of paths) {
    if (steps.length === LONGEST || paths.length >= MOST) continue;
    for (const field of fieldsOf(world, type)) paths.push({ root, steps: [...steps, field.name], type: field.type });
  }
  return paths;
}

function fieldsOf(world: FuzzWorld, type: ValueType): readonly FieldType[] {
  if (type.is === 'Record') return type.fields;
  if (type.is !== 'Entity') return [];
  return world.entityTypes.find(({ name }) => name === type.type)?.shape.fields ?? [];
}

export function access({ root, steps }: Pick<Path, 'root' | 'steps'>): Expr {
  return steps.reduce<Expr>((left, attr) => ({ '.': { left, attr } }), { Var: root });
}

/** Whether there is something at a path that has steps, in one of the two ways to ask. */
export function provided(chance: Chance, { root, steps }: Pick<Path, 'root' | 'steps'>): Expr {
  const [first, ...rest] = steps;
  if (first !== undefined && chance.is(0.5)) return { has: { left: { Var: root }, attr: [first, ...rest] } };
  const asked = steps.map((attr, at): Expr => ({ has: { left: access({ root, steps: steps.slice(0, at) }), attr } }));
  return asked.reduce((left, right) => ({ '&&': { left, right } }));
}
