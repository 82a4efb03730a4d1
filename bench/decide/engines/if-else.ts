import type { Engine } from '../engine.ts';
import type { Rule, RuleSet } from '../rules.ts';
import { withSets } from './plain-context.ts';

export const IF_ELSE = 'if/else';

/** What a rule reads, as a programmer would have it at hand. */
interface Ticket {
  readonly input: {
    readonly group: string;
    readonly category: string;
    readonly environment: string;
    readonly escalated: boolean;
    readonly major: boolean;
    readonly users: number;
    readonly tags: ReadonlySet<string>;
    readonly recipients: ReadonlySet<string>;
  };
  readonly effect: { readonly count: number };
  readonly agent: { readonly labels: ReadonlySet<string> };
}

type Check = (ticket: Ticket) => boolean;

/** The rules of the bench written out by hand; only their constants come from the rule. */
const CHECKS: Readonly<Record<string, (constant: (at: number) => string, number: (at: number) => number) => Check>> = {
  desk: (constant) => {
    const group = constant(0);
    return ({ input }) => input.group === group && !input.escalated;
  },
  small: (constant, number) => {
    const count = number(0);
    const category = constant(1);
    return ({ effect, input }) => effect.count <= count && input.category === category;
  },
  freeze: (constant, number) => {
    const tag = constant(0);
    const users = number(2);
    return ({ input }) => input.tags.has(tag) && input.environment === 'production' && input.users > users;
  },
  exposed: (constant) => {
    const label = constant(0);
    return ({ agent, input }) => agent.labels.has(label) && input.major;
  },
  blocked: (constant) => {
    const recipient = constant(0);
    return ({ input }) => input.recipients.has(recipient);
  },
};

interface Checks {
  readonly forbids: Check[];
  readonly permits: Check[];
}

/** The floor: nothing but the checks, found by operation in a map where they are scoped, and done with at the first answer. */
export const ifElse: Engine = {
  name: IF_ELSE,
  note: 'the rules written by hand; yes or no, at the first that decides',
  load: (set) => {
    const byOperation = checksOf(set);
    return {
      ask: ({ operation, context }) => {
        // The context holds what the rules read, because every engine answers the same questions from it.
        const ticket = withSets(context) as unknown as Ticket;
        const key = set.scoped ? operation : '';
        return () => {
          const checks = byOperation.get(key);
          return checks !== undefined && !anyHolds(checks.forbids, ticket) && anyHolds(checks.permits, ticket);
        };
      },
    };
  },
};

function checksOf({ rules }: RuleSet): ReadonlyMap<string, Checks> {
  const byOperation = new Map<string, Checks>();
  for (const rule of rules) {
    const key = rule.operation ?? '';
    const checks = byOperation.get(key) ?? { forbids: [], permits: [] };
    byOperation.set(key, checks);
    (rule.effect === 'forbid' ? checks.forbids : checks.permits).push(checkOf(rule));
  }
  return byOperation;
}

function checkOf({ id, when }: Rule): Check {
  const write = CHECKS[id.slice(id.indexOf('-') + 1)];
  if (write === undefined) throw new Error(`No check is written for ${id}.`);
  const at = (index: number) => when[index]?.value ?? '';
  return write(
    (index) => String(at(index)),
    (index) => Number(at(index)),
  );
}

function anyHolds(checks: readonly Check[], ticket: Ticket): boolean {
  for (const check of checks) if (check(ticket)) return true;
  return false;
}
