import { join } from 'node:path';
import { CerbosServer } from '../cerbos-server.ts';
import type { Contender, Running, Turn } from '../take-turns.ts';
import { HttpClient } from './http-client.ts';
import { type Level, type Levels, TOGETHER } from './levels.ts';
import { cerbosName } from './names.ts';
import { OPERATIONS, REFERENCE_INPUT, REFERENCE_OPERATION } from './reference-connector.ts';

const ACTION = 'update';

/** Cerbos's own server, asked about the reference action by the same 100 rules. It keeps no workflow and records nothing. */
export async function cerbosPeer(directory: string, { alone, together }: Levels): Promise<Running> {
  const server = await CerbosServer.start(join(directory, 'cerbos'), OPERATIONS.map(policyFor));
  const levels = [alone, ...together.filter(({ atOnce }) => atOnce === TOGETHER)];
  return { contenders: levels.map((level) => asking(server, level)), close: () => server.close() };
}

function asking(server: CerbosServer, level: Level): Contender {
  const sent = { url: `${server.url}/api/check/resources`, body: BODY, token: '' };
  const prepare = async (): Promise<Turn> => {
    const client = new HttpClient(level.atOnce);
    const ask = async (): Promise<void> => {
      const answer: Answer = JSON.parse(await client.send(sent));
      if (answer.results[0]?.actions[ACTION] !== 'EFFECT_ALLOW')
        throw new Error(`Cerbos decides otherwise: ${JSON.stringify(answer)}`);
    };
    await Promise.all(Array.from({ length: level.atOnce }, ask));
    return { operate: ask, end: async () => client.close() };
  };
  return { name: cerbosName(level.atOnce), ...level, prepare };
}

interface Answer {
  readonly results: readonly { readonly actions: Readonly<Record<string, string>> }[];
}

/** The five reference policies of one operation, in Cerbos's language: one kind of resource for each operation. */
function policyFor(operation: string): object {
  const rule = (name: string, effect: 'EFFECT_ALLOW' | 'EFFECT_DENY', expr: string): object => {
    return { name, actions: [ACTION], roles: ['agent'], effect, condition: { match: { expr } } };
  };
  const rules = [
    rule(
      'desk',
      'EFFECT_ALLOW',
      'R.attr.input.assignment.group == "service-desk" && !R.attr.input.assignment.escalated',
    ),
    rule('small', 'EFFECT_ALLOW', 'R.attr.effect.count <= 1 && !R.attr.effect.external && !R.attr.effect.privileged'),
    rule(
      'wide',
      'EFFECT_DENY',
      'R.attr.input.affected.environment == "production" && R.attr.input.affected.users > 10000',
    ),
    rule(
      'untrusted',
      'EFFECT_DENY',
      '"untrusted" in P.attr.labels && R.attr.input.majorIncident && R.attr.input.caller.email.endsWith("@outside.example")',
    ),
    rule(
      'flood',
      'EFFECT_DENY',
      'R.attr.workflow.counts.update >= 5000 || (P.attr.denied > 100 && R.attr.input.reopened > 3)',
    ),
  ];
  return {
    apiVersion: 'api.cerbos.dev/v1',
    resourcePolicy: { resource: kindOf(operation), version: 'default', rules },
  };
}

function kindOf(operation: string): string {
  return operation.replaceAll('.', '_');
}

const { notes: _notes, ...SEEN } = REFERENCE_INPUT;

/** What the conventional stack hands over, too. */
const BODY = JSON.stringify({
  requestId: 'bench',
  principal: { id: 'ses_1', roles: ['agent'], attr: { labels: [], denied: 0 } },
  resources: [
    {
      resource: {
        kind: kindOf(REFERENCE_OPERATION),
        id: REFERENCE_INPUT.id,
        attr: {
          input: SEEN,
          effect: { kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 },
          workflow: { actions: 1, denied: 0, counts: { update: 1 } },
          hasMandate: true,
        },
      },
      actions: [ACTION],
    },
  ],
});
