import { loadPeer } from '../../peers.ts';
import type { Engine } from '../engine.ts';
import type { Condition, Rule } from '../rules.ts';
import { withSets } from './plain-context.ts';

/** https://casbin.org/docs/abac: what the bench uses of it. */
interface Casbin {
  newModelFromString(text: string): object;
  newEnforcer(model: object): Promise<{
    addFunction(name: string, implementation: (set: ReadonlySet<string>, member: string) => boolean): Promise<void>;
    addPolicies(policies: readonly (readonly string[])[]): Promise<boolean>;
    enforceSync(operation: string, context: object): boolean;
  }>;
}

/** Attributes are compared by a rule that each policy brings along, which casbin calls `eval()`. */
function modelText(scoped: boolean): string {
  return `
[request_definition]
r = act, ctx
[policy_definition]
p = act, rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = ${scoped ? 'r.act == p.act && ' : ''}eval(p.rule)`;
}

export const casbin: Engine = {
  name: 'casbin',
  note: '`enforceSync` with attribute rules; membership by a function of ours over JavaScript sets; yes or no',
  load: async ({ rules, scoped }) => {
    const { newModelFromString, newEnforcer } = loadPeer<Casbin>('casbin');
    const enforcer = await newEnforcer(newModelFromString(modelText(scoped)));
    await enforcer.addFunction('has', (set, member) => set.has(member));
    await enforcer.addPolicies(rules.map(policyLine));
    return {
      ask: ({ operation, context }) => {
        const given = withSets(context);
        return () => enforcer.enforceSync(operation, given);
      },
    };
  },
};

function policyLine({ effect, operation = '', when }: Rule): readonly string[] {
  return [operation, when.map(conditionText).join(' && '), effect === 'permit' ? 'allow' : 'deny'];
}

function conditionText(condition: Condition): string {
  const path = `r.ctx.${condition.path}`;
  switch (condition.is) {
    case 'equal':
      return `${path} == ${JSON.stringify(condition.value)}`;
    case 'at-most':
      return `${path} <= ${condition.value}`;
    case 'above':
      return `${path} > ${condition.value}`;
    case 'containing':
      return `has(${path}, ${JSON.stringify(condition.value)})`;
    default:
      return condition satisfies never;
  }
}
