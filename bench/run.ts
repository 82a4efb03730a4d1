/** `npm run bench -- NAME [--json] [--quick] [--directory DIR]` */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAppend } from './append.ts';
import type { BenchOptions } from './bench-options.ts';
import { benchGate } from './gate.ts';
import { printTable } from './print-table.ts';
import type { Row } from './row.ts';
import { describeSetup } from './setup.ts';
import { benchStages } from './stages.ts';

interface Bench {
  readonly title: string;
  run(options: BenchOptions): AsyncGenerator<Row>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  gate: { title: 'One whole decision, in process and over HTTP, durable and not, beside the floors.', run: benchGate },
  stages: { title: 'Where the time of one decision goes, with its log in memory.', run: benchStages },
  append: { title: 'Durable appends of the workflow log beside a bare file with group commit.', run: benchAppend },
};

/** As the CLI has it. */
const USAGE = 64;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    directory: { type: 'string', default: tmpdir() },
  },
});

const [name] = positionals;
const bench = name === undefined || !Object.hasOwn(BENCHES, name) ? undefined : BENCHES[name];
if (bench !== undefined) {
  await measure(bench);
} else if (name === undefined) {
  console.log(list());
} else {
  console.error(`There is no bench "${name}".\n\n${list()}`);
  process.exitCode = USAGE;
}

function list(): string {
  const lines = Object.entries(BENCHES).map(([known, { title }]) => `  ${known.padEnd(8)}${title}`);
  return `npm run bench -- NAME [--json] [--quick] [--directory DIR]\n\n${lines.join('\n')}`;
}

async function measure({ run }: Bench): Promise<void> {
  const { json, quick, directory } = values;
  const note = (text: string): void => console.error(text);
  const tell = json ? note : console.log;
  for (const [key, value] of Object.entries(describeSetup(directory))) tell(`${key}: ${value}`);
  const rows: Row[] = [];
  for await (const row of run({ directory, quick, onProgress: note })) {
    if (json) console.log(JSON.stringify(row));
    else rows.push(row);
  }
  if (!json) printTable(rows);
}
