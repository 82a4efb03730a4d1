/** `npm run bench -- NAME [--json | --docs] [--quick] [--directory DIR]` */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchOptions } from './bench-options.ts';
import { tableOf } from './print-table.ts';
import type { Row } from './row.ts';
import { describeSetup } from './setup.ts';
import { writeSection } from './write-section.ts';

type Run = (options: BenchOptions) => AsyncGenerator<Row>;
type Render = (rows: readonly Row[]) => string;

interface Bench {
  readonly title: string;
  /** Only what is asked for is loaded. */
  load(): Promise<{ readonly run: Run; readonly render?: Render; readonly failed?: (rows: readonly Row[]) => boolean }>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  decide: {
    title: 'Policy evaluation alone, beside other engines with the same rules.',
    load: async () => {
      const [{ benchDecide }, { decideTables }] = await Promise.all([
        import('./decide.ts'),
        import('./decide/decide-tables.ts'),
      ]);
      return { run: benchDecide, render: decideTables };
    },
  },
  gate: {
    title: 'One whole decision, in process and over HTTP, durable and not, beside the floors.',
    load: async () => {
      const [{ benchGate }, { gateTables }] = await Promise.all([import('./gate.ts'), import('./gate/gate-tables.ts')]);
      return { run: benchGate, render: gateTables };
    },
  },
  stages: {
    title: 'Where the time of one decision goes, with its log in memory.',
    load: async () => ({ run: (await import('./stages.ts')).benchStages }),
  },
  view: {
    title: 'What the length of a workflow costs: per decision, per event, in memory.',
    load: async () => ({ run: (await import('./view.ts')).benchView }),
  },
  cold: {
    title: 'From the start of a process to its first decision, beside a process that does nothing.',
    load: async () => ({ run: (await import('./cold.ts')).benchCold }),
  },
  dormant: {
    title: 'What sleeping workflows cost, and what it takes to wake them.',
    load: async () => ({ run: (await import('./dormant.ts')).benchDormant }),
  },
  load: {
    title: 'Decisions that come by the clock, durable, over few and many workflows, embedded and over Redis.',
    load: async () => ({ run: (await import('./load.ts')).benchLoad }),
  },
  agentdojo: {
    title:
      'Recorded attacks on agents: what is blocked, what is kept, what a human is asked (--traces --tasks --manifest --ablate).',
    load: async () => {
      const [{ benchAgentdojo }, { tableOf: render }] = await Promise.all([
        import('./agentdojo.ts'),
        import('./agentdojo/table-of.ts'),
      ]);
      return { run: (options) => benchAgentdojo({ ...options, ...corpus() }), render };
    },
  },
  parity: {
    title:
      'Recorded runs, alone and interleaved: in process, over Redis, through four gateways (--traces --tasks --seed --sample).',
    load: async () => {
      const [{ benchParity }, { tableOf: render, hasDifferences: failed }] = await Promise.all([
        import('./parity.ts'),
        import('./parity/table-of.ts'),
      ]);
      return { run: (options) => benchParity({ ...options, ...recorded() }), render, failed };
    },
  },
  redis: {
    title: 'One whole decision over Redis beside the bare script call, from one process and from several.',
    load: async () => ({ run: (await import('./redis.ts')).benchRedis }),
  },
  enrich: {
    title: 'Facts that actions wait for: when they are seen, and what killed workers lose or repeat.',
    load: async () => ({ run: (await import('./enrich.ts')).benchEnrich }),
  },
  ledger: {
    title: 'Events drained into PostgreSQL and verified there, beside a bare insert of the same rows.',
    load: async () => ({ run: (await import('./ledger.ts')).benchLedger }),
  },
  append: {
    title: 'Durable appends of the workflow log beside a bare file with group commit.',
    load: async () => ({ run: (await import('./append.ts')).benchAppend }),
  },
};

/** As the CLI has it. */
const USAGE = 64;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    directory: { type: 'string', default: tmpdir() },
    // Of the recorded attacks.
    traces: { type: 'string' },
    tasks: { type: 'string' },
    manifest: { type: 'string', multiple: true },
    ablate: { type: 'boolean', default: false },
    seed: { type: 'string' },
    sample: { type: 'string' },
  },
});

const [name] = positionals;
const bench = name === undefined || !Object.hasOwn(BENCHES, name) ? undefined : BENCHES[name];
if (name !== undefined && bench !== undefined) {
  await measure(name, bench);
} else if (name === undefined) {
  console.log(list());
} else {
  console.error(`There is no bench "${name}".\n\n${list()}`);
  process.exitCode = USAGE;
}

function corpus() {
  const { traces, tasks, manifest: manifests, ablate } = values;
  return { traces, tasks, manifests, ablate };
}

function recorded() {
  const { traces, tasks, seed, sample } = values;
  const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return { traces, tasks, seed: numberOf(seed), sample: numberOf(sample) };
}

function list(): string {
  const lines = Object.entries(BENCHES).map(([known, { title }]) => `  ${known.padEnd(11)}${title}`);
  return `npm run bench -- NAME [--json | --docs] [--quick] [--directory DIR]\n\n${lines.join('\n')}`;
}

async function measure(bench: string, { load }: Bench): Promise<void> {
  const { json, docs, quick, directory } = values;
  const onProgress = (text: string): void => console.error(text);
  const told: string[] = [];
  const onNote = (text: string): void => {
    told.push(text);
    if (json) console.error(text);
    else console.log(text);
  };
  for (const [key, value] of Object.entries(describeSetup(directory))) onNote(`${key}: ${value}`);
  const { run, render = tableOf, failed } = await load();
  const rows: Row[] = [];
  for await (const row of run({ directory, quick, onNote, onProgress })) {
    rows.push(row);
    if (json) console.log(JSON.stringify(row));
  }
  if (!json) console.log(`\n${render(rows)}`);
  if (docs) writeSection(bench, `${told.map((text) => `- ${text}`).join('\n')}\n\n${render(rows)}`);
  if (failed?.(rows)) process.exitCode = 1;
}
