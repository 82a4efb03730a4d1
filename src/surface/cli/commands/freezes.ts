import { Argument, type Command } from 'commander';
import type { Json, JsonObject } from '../../../lib/json.ts';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import { plain } from '../plain.ts';
import { print } from '../print.ts';

const KINDS = ['tenant', 'agent', 'system'] as const;

export function addFreezes(program: Command, context: CliContext): void {
  const freezes = program
    .command('freezes')
    .description('stop an agent, a system or the whole tenant, in every workflow')
    .addHelpText(...example('interlock freezes set agent mailer --reason "sends odd mails"'));
  freezes
    .command('list')
    .description('what is frozen beside single workflows')
    .addHelpText(...example('interlock freezes list --json'))
    .action(async () => {
      const found = await context.api().get('/v1/freezes');
      print(context, found, () => lines(found));
    });
  for (const [name, frozen, words] of [
    ['set', true, 'deny it everything from the next decision on'],
    ['lift', false, 'let it act again'],
  ] as const) {
    freezes
      .command(name)
      .description(words)
      .addHelpText(...example(`interlock freezes ${name} system crm --reason "under investigation"`))
      .addArgument(new Argument('<kind>', 'what').choices(KINDS))
      .argument('[name]', 'of the agent or the system')
      .requiredOption('-r, --reason <text>', 'why; it is recorded')
      .action(async (kind: (typeof KINDS)[number], id: string | undefined, { reason }: { reason: string }) => {
        const scope = id === undefined ? { kind } : { kind, id };
        const found = await context.api().post('/v1/freezes', { scope, frozen, reason });
        print(context, found, () => lines(found));
      });
  }
}

function lines({ tenant, agents, systems }: JsonObject): string {
  const named = (kind: string, names: Json | undefined): string[] =>
    Array.isArray(names) ? names.map((name) => `${kind} ${plain(String(name))}`) : [];
  const all = [
    ...(tenant === true ? ['the whole tenant'] : []),
    ...named('agent', agents),
    ...named('system', systems),
  ];
  return all.length === 0 ? 'Nothing is frozen.' : `Frozen: ${all.join(', ')}.`;
}
