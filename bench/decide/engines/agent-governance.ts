import { loadPeer } from '../../peers.ts';
import type { Engine } from '../engine.ts';
import type { PlainRecord } from '../questions.ts';
import type { Condition, Rule } from '../rules.ts';
import { setsOf } from './plain-context.ts';

/** https://www.npmjs.com/package/@microsoft/agent-governance-sdk: its declarative policy engine, as far as the bench uses it. */
interface AgentGovernance {
  readonly ConflictResolutionStrategy: { readonly DenyOverrides: string };
  readonly PolicyEngine: new (
    rules: undefined,
    strategy: string,
  ) => {
    loadPolicy(policy: object): void;
    evaluatePolicy(agent: string, context: object): { readonly allowed: boolean };
  };
}

export const AGENT_GOVERNANCE_PACKAGE = '@microsoft/agent-governance-sdk';
const AGENT = 'did:bench:agent';

export const agentGovernance: Engine = {
  name: 'agent-governance-sdk',
  note: `\`${AGENT_GOVERNANCE_PACKAGE}\`, \`evaluatePolicy\`, deny overrides; it has no membership in a list of the context, so the caller hands over a flag for each member, made off the clock; names one rule`,
  load: ({ rules }) => {
    const { PolicyEngine, ConflictResolutionStrategy } = loadPeer<AgentGovernance>(AGENT_GOVERNANCE_PACKAGE);
    const engine = new PolicyEngine(undefined, ConflictResolutionStrategy.DenyOverrides);
    engine.loadPolicy({ name: 'bench', scope: 'global', default_action: 'deny', rules: rules.map(ruleOf) });
    return {
      ask: ({ operation, context }) => {
        const given = { ...context, operation, flags: flagsOf(context) };
        return () => engine.evaluatePolicy(AGENT, given).allowed;
      },
    };
  },
};

/** By set and member, in names that its expressions can have. */
function flagsOf(context: PlainRecord): Readonly<Record<string, true>> {
  return Object.fromEntries(
    setsOf(context).flatMap(([path, members]) => members.map((member) => [flagName(path, member), true] as const)),
  );
}

function flagName(path: string, member: string): string {
  return `${path}_${member}`.replaceAll(/\W/g, '_');
}

function ruleOf({ id, effect, operation, when }: Rule): object {
  const scope = operation === undefined ? [] : [`operation == '${operation}'`];
  const condition = [...scope, ...when.map(conditionText)].join(' and ');
  return { name: id, condition, ruleAction: effect === 'permit' ? 'allow' : 'deny' };
}

function conditionText({ is, path, value }: Condition): string {
  switch (is) {
    case 'equal':
      return typeof value === 'string' ? `${path} == '${value}'` : `${path} == ${value}`;
    case 'at-most':
      return `${path} <= ${value}`;
    case 'above':
      return `${path} > ${value}`;
    case 'containing':
      return `flags.${flagName(path, value)}`;
    default:
      return is satisfies never;
  }
}
