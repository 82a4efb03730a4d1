import { type PolicyJson, policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Condition, Rule, RuleSet } from '../rules.ts';

/** The rules as Cedar policies by id, as both Interlock and the official package take them. */
export function cedarTexts({ rules }: RuleSet): Readonly<Record<string, string>> {
  return Object.fromEntries(rules.map((rule) => [rule.id, cedarText(rule)]));
}

const parsedSets = new WeakMap<RuleSet, readonly { readonly id: string; readonly json: PolicyJson }[]>();

/** The same policies in Cedar's JSON format, parsed once. */
export function cedarJson(set: RuleSet): readonly { readonly id: string; readonly json: PolicyJson }[] {
  const known = parsedSets.get(set);
  if (known !== undefined) return known;
  const parsed = Object.entries(cedarTexts(set)).map(([id, text]) => {
    const answer = policyToJson(text);
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
    return { id, json: answer.json };
  });
  parsedSets.set(set, parsed);
  return parsed;
}

function cedarText({ effect, operation, when }: Rule): string {
  const action = operation === undefined ? 'action' : `action == Action::${JSON.stringify(operation)}`;
  return `${effect} (principal, ${action}, resource) when { ${when.map(conditionText).join(' && ')} };`;
}

function conditionText(condition: Condition): string {
  const path = `context.${condition.path}`;
  switch (condition.is) {
    case 'equal':
      return `${path} == ${JSON.stringify(condition.value)}`;
    case 'at-most':
      return `${path} <= ${condition.value}`;
    case 'above':
      return `${path} > ${condition.value}`;
    case 'containing': {
      const member = JSON.stringify(condition.value);
      return `${path}.contains(${condition.path === 'agent.labels' ? `Label::${member}` : member})`;
    }
    default:
      return condition satisfies never;
  }
}
