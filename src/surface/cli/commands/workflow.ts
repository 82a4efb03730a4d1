import { type Command, Option } from 'commander';
import type { Json, JsonObject } from '../../../lib/json.ts';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { palette, plain, plainJson, table } from '../plain.ts';
import { objectsOf, print, printList, textOf } from '../print.ts';
import { GRAPH_FORMS, type GraphForm, renderGraph } from '../render-graph.ts';

export function addWorkflow(program: Command, context: CliContext): void {
  const workflow = program
    .command('workflow')
    .description('what workflows have done')
    .addHelpText(...example('interlock workflow list'));
  workflow
    .command('list')
    .description('the workflows of the tenant, newest first')
    .addHelpText(...example('interlock workflow list --json'))
    .action(async () => {
      const workflows = objectsOf(await context.api().get('/v1/workflows'), 'workflows');
      printList(context, workflows, () =>
        table([
          ['ID', 'VERSION', 'HELD', 'LAST EVENT'],
          ...workflows.map((each) => [
            textOf(each, 'id'),
            textOf(each, 'version'),
            textOf(each, 'held'),
            timeOf(each['lastEventAt']),
          ]),
        ]),
      );
    });
  workflow
    .command('show <id>')
    .description('agents, labels, systems, resources and actions of one')
    .addHelpText(...example('interlock workflow show wf_1'))
    .addOption(
      new Option('-g, --graph <form>', 'its typed graph instead, denied attempts included').choices(GRAPH_FORMS),
    )
    .action(async (id: string, { graph }: { graph?: GraphForm }) => {
      const path = `/v1/workflows/${encodeURIComponent(id)}`;
      const found = await context.api().get(graph === undefined ? path : `${path}/graph`);
      print(context, found, () => (graph === undefined ? detail(context, found) : renderGraph(found, graph)));
    });
  workflow
    .command('endorse <id> <session> <label>')
    .description('take a label away from an agent session: what it has read is no danger')
    .addHelpText(...example('interlock workflow endorse wf_1 ses_1 untrusted --reason "read the text myself"'))
    .requiredOption('-r, --reason <text>', 'why; it is recorded')
    .action(async (id: string, session: string, label: string, { reason }: { reason: string }) => {
      const path = `/v1/workflows/${encodeURIComponent(id)}/endorsements`;
      const answer = await context.api().post(path, { session, label, reason });
      print(context, answer, () => `${label} is gone from ${session} at version ${textOf(answer, 'version')}`);
    });
  workflow
    .command('undo <id>')
    .description('take back its reversible effects, the latest first, each decided like any action')
    .addHelpText(...example('interlock workflow undo wf_1'))
    .action(async (id: string) => {
      const report = await context.api().post(`/v1/workflows/${encodeURIComponent(id)}/undo`, {});
      const steps = objectsOf(report, 'steps');
      print(context, report, () => undoTable(steps));
      if (steps.some((step) => textOf(step, 'status') !== 'undone')) context.exit(EXIT.failure);
    });
  for (const [name, frozen, words] of [
    ['freeze', true, 'deny everything in it from now on'],
    ['thaw', false, 'lift the freeze'],
  ] as const) {
    workflow
      .command(`${name} <id>`)
      .description(words)
      .addHelpText(...example(`interlock workflow ${name} wf_1 --reason "under investigation"`))
      .requiredOption('-r, --reason <text>', 'why; it is recorded')
      .action(async (id: string, { reason }: { reason: string }) => {
        const answer = await context.api().post(`/v1/workflows/${encodeURIComponent(id)}/freeze`, { frozen, reason });
        print(context, answer, () => `${frozen ? 'frozen' : 'thawed'} at version ${textOf(answer, 'version')}`);
      });
  }
}

function undoTable(steps: readonly JsonObject[]): string {
  if (steps.length === 0) return 'There is nothing to take back.';
  const columns = ['status', 'operation', 'by', 'action', 'detail'];
  const rows = steps.map((step) => columns.map((name) => plain(textOf(step, name) || '-')));
  return table([columns.map((name) => name.toUpperCase()), ...rows]);
}

function detail(context: CliContext, found: JsonObject): string {
  const c = palette(context.colour);
  const user = found['onBehalfOf'];
  const actions = objectsOf(found, 'actions').map((action) => [
    timeOf(action['at']).slice(11),
    textOf(action, 'agent'),
    textOf(action, 'operation'),
    textOf(action, 'decision'),
    textOf(action, 'outcome') || textOf(action, 'state'),
    textOf(action, 'id'),
  ]);
  return [
    `${c.bold(textOf(found, 'id'))} version ${textOf(found, 'version')}${found['frozen'] === true ? c.red(' frozen') : ''}, for ${plainJson(user)}`,
    ...(found['mandate'] === undefined ? [] : [`  mandate  ${textOf(found, 'mandate')}`]),
    `  systems  ${list(found['systems'])}    labels  ${list(found['labels'])}    denied  ${textOf(found, 'denied')}`,
    '',
    table([
      ['AGENT', 'SESSION', 'LABELS', 'ACTIONS', 'DENIED'],
      ...objectsOf(found, 'sessions').map((each) => [
        textOf(each, 'agent'),
        textOf(each, 'id'),
        list(each['labels']),
        textOf(each, 'actions'),
        textOf(each, 'denied'),
      ]),
    ]),
    '',
    table([['TIME', 'AGENT', 'OPERATION', 'DECISION', 'OUTCOME', 'ACTION'], ...actions]),
  ].join('\n');
}

function list(value: Json | undefined): string {
  return Array.isArray(value) && value.length > 0 ? plain(value.join(' ')) : '-';
}

function timeOf(value: Json | undefined): string {
  return typeof value === 'number' ? new Date(value).toISOString().slice(0, 23) : '';
}
