import { type Command, Option } from 'commander';
import { InterlockError } from '../../../lib/errors.ts';
import type { Json, JsonObject } from '../../../lib/json.ts';
import type { CliContext } from '../cli-context.ts';
import { example } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { askAbout, type PastOptions, pastTenant, withPast } from '../past.ts';
import { palette, plain, plainJson, table } from '../plain.ts';
import { objectsOf, print, printList, textOf } from '../print.ts';
import { GRAPH_FORMS, type GraphForm, renderGraph } from '../render-graph.ts';

export function addWorkflow(program: Command, context: CliContext): void {
  const workflow = program
    .command('workflow')
    .description('what workflows have done')
    .addHelpText(...example('interlock workflow list'));
  addList(workflow, context);
  addShow(workflow, context);
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
  workflow
    .command('quarantine <id>')
    .description('deny from now on whatever had something of a session or of an action')
    .addHelpText(...example('interlock workflow quarantine wf_1 --action act_1 --reason "the page was forged"'))
    .option('-s, --session <session>', 'what descends from this agent session')
    .option('-a, --action <action>', 'what descends from what this action read or wrote')
    .requiredOption('-r, --reason <text>', 'why; it is recorded')
    .action(async (id: string, request: { session?: string; action?: string; reason: string }) => {
      const answer = await context.api().post(`/v1/workflows/${encodeURIComponent(id)}/quarantine`, { ...request });
      const named = [...namesOf(answer['sessions']), ...namesOf(answer['resources'])];
      print(context, answer, () => `in quarantine now: ${named.length === 0 ? 'nothing more' : named.join(', ')}`);
    });
  workflow
    .command('release <id>')
    .description('let a quarantined agent session or record be used again')
    .addHelpText(...example('interlock workflow release wf_1 --session ses_1 --reason "looked at it"'))
    .option('-s, --session <session>', 'the agent session')
    .option('--type <type>', 'type of the record, with --record')
    .option('--record <record>', 'id of the record, with --type')
    .requiredOption('-r, --reason <text>', 'why; it is recorded')
    .action(async (id: string, { session, type, record, reason }: Release) => {
      const resource =
        type === undefined && record === undefined ? {} : { resource: { type: type ?? '', id: record ?? '' } };
      const body = { ...(session === undefined ? {} : { session }), ...resource, reason };
      const answer = await context.api().post(`/v1/workflows/${encodeURIComponent(id)}/release`, body);
      print(context, answer, () => `released at version ${textOf(answer, 'version')}`);
    });
  workflow
    .command('erase <id>')
    .description('erase what its events say, for good, and close it; the log still verifies')
    .addHelpText(...example('interlock workflow erase wf_1 --reason "the user asked for it"'))
    .option('-b, --before <time>', 'only events before this time, as 2026-01-31 or 2026-01-31T12:00:00Z')
    .requiredOption('-r, --reason <text>', 'why; it is recorded, and stays')
    .action(async (id: string, { before, reason }: { before?: string; reason: string }) => {
      const body = { ...(before === undefined ? {} : { before: momentOf(before) }), reason };
      const answer = await context.api().post(`/v1/workflows/${encodeURIComponent(id)}/erase`, body);
      print(context, answer, () => `events ${textOf(answer, 'from')} to ${textOf(answer, 'to')} are erased`);
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

function momentOf(text: string): number {
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw new InterlockError('INVALID_CALL', `${plain(text)} is not a time`);
  return moment;
}

function addList(workflow: Command, context: CliContext): void {
  const command = workflow
    .command('list')
    .description('the workflows of the tenant, newest first')
    .addHelpText(...example('interlock workflow list --json'));
  withPast(command).action(async ({ ledger, config, ...options }: PastOptions) => {
    const found =
      ledger === undefined
        ? await context.api().get('/v1/workflows')
        : await context.local.pastWorkflows({ ledger, config, tenant: pastTenant(command, options) });
    const workflows = objectsOf(found, 'workflows');
    printList(context, workflows, () =>
      table([
        ['ID', 'VERSION', 'HELD', 'LAST EVENT'],
        ...workflows.map((each) => [
          textOf(each, 'id'),
          textOf(each, 'version'),
          textOf(each, 'held') || '-',
          timeOf(each['lastEventAt']),
        ]),
      ]),
    );
  });
}

function addShow(workflow: Command, context: CliContext): void {
  const command = workflow
    .command('show <id>')
    .description('agents, labels, systems, resources and actions of one')
    .addHelpText(...example('interlock workflow show wf_1'))
    .addOption(
      new Option('-g, --graph <form>', 'its typed graph instead, denied attempts included').choices(GRAPH_FORMS),
    );
  withPast(command).action(async (id: string, { graph, ...options }: PastOptions & { graph?: GraphForm }) => {
    const whole = `/v1/workflows/${encodeURIComponent(id)}`;
    const path = graph === undefined ? whole : `${whole}/graph`;
    const found = await askAbout(context, command, { ...options, path, isOfPolicies: false });
    print(context, found, () => (graph === undefined ? detail(context, found) : renderGraph(found, graph)));
  });
}

interface Release {
  readonly session?: string;
  readonly type?: string;
  readonly record?: string;
  readonly reason: string;
}

function namesOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((name) => plain(String(name))) : [];
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
    ...(found['erased'] === undefined ? [] : [`  erased   ${plainJson(found['erased'])}`]),
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
