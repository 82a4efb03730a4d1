/** Where a condition looks: in the context of the action, by path. */
export type Path = 'input.group' | 'input.category' | 'input.environment' | 'input.escalated' | 'input.major';
export type NumberPath = 'input.users' | 'effect.count';
/** Sets of texts, and the labels that the acting agent is exposed to. */
export type SetPath = 'input.tags' | 'input.recipients' | 'agent.labels';

/** What every engine of the bench can say. */
export type Condition =
  | { readonly is: 'equal'; readonly path: Path; readonly value: string | boolean }
  | { readonly is: 'at-most' | 'above'; readonly path: NumberPath; readonly value: number }
  | { readonly is: 'containing'; readonly path: SetPath; readonly value: string };

/** Holds where all its conditions do. A forbid that holds beats every permit; where nothing holds, it is a deny. */
export interface Rule {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** The only operation that it is about; left out: all of them. */
  readonly operation?: string | undefined;
  readonly when: readonly Condition[];
}

/** Rules for each operation where they are scoped: as many as match one action. */
export const MATCHING_RULES = 5;

/** In every set of rules; all actions of the bench are one of these. */
export const OPERATIONS = [operationAt(0), operationAt(1)] as const;

export interface RuleSet {
  readonly count: number;
  /** Each rule is about one operation, so that five match; otherwise all match every action. */
  readonly scoped: boolean;
  readonly rules: readonly Rule[];
}

/** `count` rules, a multiple of ten: permits and forbids, two of five looking into a set. No two have the same constants. */
export function ruleSet(count: number, scoped: boolean): RuleSet {
  const rules = Array.from({ length: count / MATCHING_RULES }, (_, index) =>
    scoped
      ? rulesFor({ operation: operationAt(index), name: `s${index}`, variant: index % 2 })
      : rulesFor({ name: `u${index}`, variant: index }),
  );
  return { count, scoped, rules: rules.flat() };
}

function operationAt(index: number): string {
  return `tickets.kind${index}.update`;
}

interface Family {
  readonly operation?: string;
  readonly name: string;
  /** Makes the constants. The actions of the bench meet those of variants 0 and 1. */
  readonly variant: number;
}

function rulesFor({ operation, name, variant }: Family): readonly Rule[] {
  const scope = operation === undefined ? {} : { operation };
  return [
    {
      id: `${name}-desk`,
      effect: 'permit',
      ...scope,
      when: [
        { is: 'equal', path: 'input.group', value: `desk-${variant}` },
        { is: 'equal', path: 'input.escalated', value: false },
      ],
    },
    {
      id: `${name}-small`,
      effect: 'permit',
      ...scope,
      when: [
        { is: 'at-most', path: 'effect.count', value: 1 },
        { is: 'equal', path: 'input.category', value: `category-${variant}` },
      ],
    },
    {
      id: `${name}-freeze`,
      effect: 'forbid',
      ...scope,
      when: [
        { is: 'containing', path: 'input.tags', value: `freeze-${variant}` },
        { is: 'equal', path: 'input.environment', value: 'production' },
        { is: 'above', path: 'input.users', value: 10_000 + variant },
      ],
    },
    {
      id: `${name}-exposed`,
      effect: 'forbid',
      ...scope,
      when: [
        { is: 'containing', path: 'agent.labels', value: `label-${variant}` },
        { is: 'equal', path: 'input.major', value: true },
      ],
    },
    {
      id: `${name}-blocked`,
      effect: 'forbid',
      ...scope,
      when: [{ is: 'containing', path: 'input.recipients', value: `blocked-${variant}@outside.example` }],
    },
  ];
}
