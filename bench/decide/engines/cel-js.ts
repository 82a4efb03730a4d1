import { loadPeer } from '../../peers.ts';
import type { Engine } from '../engine.ts';
import type { Condition, Rule } from '../rules.ts';
import { withSets } from './plain-context.ts';

type Expression = (context: object) => unknown;

/** https://github.com/marcbachmann/cel-js#api */
interface CelJs {
  parse(expression: string): Expression;
}

export const CEL_JS_PACKAGE = '@marcbachmann/cel-js';

/**
 * CEL has no policies: each rule is an expression parsed once, and who asks goes through them until one decides. Where
 * they are scoped, a map by operation, which is the bench's and not the package's, leads to the five.
 */
export const celJs: Engine = {
  name: 'cel-js',
  note: `\`${CEL_JS_PACKAGE}\`; expressions in a loop of ours, by operation from a map of ours; yes or no, at the first that decides`,
  load: ({ rules, scoped }) => {
    const { parse } = loadPeer<CelJs>(CEL_JS_PACKAGE);
    const byOperation = Map.groupBy(rules, ({ operation }) => operation ?? '');
    const parsed = new Map(
      [...byOperation].map(([operation, own]) => {
        const of = (effect: Rule['effect']): readonly Expression[] =>
          own.filter((rule) => rule.effect === effect).map((rule) => parse(celText(rule)));
        return [operation, { forbids: of('forbid'), permits: of('permit') }] as const;
      }),
    );
    return {
      ask: ({ operation, context }) => {
        const given = withSets(context);
        const key = scoped ? operation : '';
        return () => {
          const own = parsed.get(key);
          return own !== undefined && !anyHolds(own.forbids, given) && anyHolds(own.permits, given);
        };
      },
    };
  },
};

/** A rule in CEL; `root` stands before every path. */
export function celText({ when }: Pick<Rule, 'when'>, root: (path: string) => string = (path) => path): string {
  return when.map((condition) => conditionText(condition, root(condition.path))).join(' && ');
}

function conditionText(condition: Condition, path: string): string {
  switch (condition.is) {
    case 'equal':
      // Cerbos takes 30 ms to compile a comparison with `false`, and next to nothing for its negation.
      if (typeof condition.value === 'boolean') return condition.value ? path : `!${path}`;
      return `${path} == ${JSON.stringify(condition.value)}`;
    case 'at-most':
      return `${path} <= ${condition.value}`;
    case 'above':
      return `${path} > ${condition.value}`;
    case 'containing':
      return `${JSON.stringify(condition.value)} in ${path}`;
    default:
      return condition satisfies never;
  }
}

function anyHolds(expressions: readonly Expression[], context: object): boolean {
  for (const expression of expressions) if (expression(context) === true) return true;
  return false;
}
