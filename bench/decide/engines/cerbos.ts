import { CerbosServer } from '../../cerbos-server.ts';
import { HttpClient } from '../../gate/http-client.ts';
import type { Engine } from '../engine.ts';
import type { Question } from '../questions.ts';
import type { Rule, RuleSet } from '../rules.ts';
import { celText } from './cel-js.ts';

export const CERBOS = 'Cerbos, HTTP';

/** Every resource has this one action; which operation it is, is the kind of the resource. */
const ACTION = 'update';
const ANY_OPERATION = 'ticket';

/** Cerbos's own server with all sets of rules at once, each a version of its policies; asked over one kept connection. */
export async function startCerbos(directory: string, sets: readonly RuleSet[]): Promise<Engine> {
  const server = await CerbosServer.start(directory, sets.flatMap(policiesOf));
  const client = new HttpClient(1);
  return {
    name: CERBOS,
    note: 'its server in a process of its own over loopback HTTP, kept alive; the body made before; answers about the action only',
    load: (set) => ({
      ask: (question) => {
        const sent = { url: `${server.url}/api/check/resources`, body: bodyFor(set, question), token: '' };
        return async () => isAllowed(JSON.parse(await client.send(sent)));
      },
    }),
    close: async () => {
      client.close();
      await server.close();
    },
  };
}

/** https://docs.cerbos.dev/cerbos/latest/policies/resource_policies */
function policiesOf(set: RuleSet): readonly object[] {
  const byKind = Map.groupBy(set.rules, ({ operation }) => kindOf(operation));
  return [...byKind].map(([resource, rules]) => ({
    apiVersion: 'api.cerbos.dev/v1',
    resourcePolicy: { resource, version: versionOf(set), rules: rules.map(ruleOf) },
  }));
}

function ruleOf(rule: Rule): object {
  return {
    name: rule.id,
    actions: [ACTION],
    roles: ['agent'],
    effect: rule.effect === 'permit' ? 'EFFECT_ALLOW' : 'EFFECT_DENY',
    condition: { match: { expr: celText(rule, (path) => `R.attr.${path}`) } },
  };
}

function kindOf(operation: string | undefined): string {
  return operation?.replaceAll('.', '_') ?? ANY_OPERATION;
}

function versionOf({ count, scoped }: RuleSet): string {
  return `${scoped ? 'scoped' : 'unscoped'}${count}`;
}

/** https://docs.cerbos.dev/cerbos/latest/api/ */
function bodyFor(set: RuleSet, { operation, context }: Question): string {
  const resource = {
    kind: kindOf(set.scoped ? operation : undefined),
    id: 'INC0048213',
    policyVersion: versionOf(set),
    attr: context,
  };
  return JSON.stringify({
    requestId: 'bench',
    principal: { id: 'ses_0', roles: ['agent'], attr: {} },
    resources: [{ resource, actions: [ACTION] }],
  });
}

function isAllowed(answer: {
  readonly results: readonly { readonly actions: Readonly<Record<string, string>> }[];
}): boolean {
  return answer.results[0]?.actions[ACTION] === 'EFFECT_ALLOW';
}
