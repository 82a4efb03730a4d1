/**
 * `node test/policy/cedar-corpus/run.ts [DIR] [--json]`: answers Cedar's own corpus with the compiled evaluator alone.
 * DIR has its three archives. Fails where an answer is another one than the corpus expects.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseExactJson } from '../../../src/policy/exact-json.ts';
import { type Answered, answerCase } from './answer-case.ts';
import { corpusCases, type Part } from './corpus-cases.ts';
import { attempts } from './no-wasm.ts';
import type { Translated } from './translate-case.ts';

const FORMS = ['source', 'closures'] as const;

/** Of one part of the corpus, answered in one form. */
export interface CorpusCount {
  readonly part: Part;
  readonly form: (typeof FORMS)[number];
  requests: number;
  /** Answered by compiled policies; all others would be missing. */
  compiled: number;
  agreed: number;
}

export interface CorpusSummary {
  readonly counts: readonly CorpusCount[];
  /** Uses of WebAssembly in the process that answered. */
  readonly wasm: readonly string[];
  readonly differences: readonly Answered[];
}

async function answerCorpus(directory: string): Promise<CorpusSummary> {
  const counts = new Map<string, CorpusCount>();
  const differences: Answered[] = [];
  const translations = translated(directory);
  for (const one of corpusCases(directory)) {
    const { value } = await translations.next();
    if (value?.name !== one.name) throw new Error(`${one.name} was not translated`);
    for (const form of FORMS) {
      const key = `${one.part} ${form}`;
      const count = counts.get(key) ?? { part: one.part, form, requests: 0, compiled: 0, agreed: 0 };
      counts.set(key, count);
      count.requests += one.requests.length;
      for (const answered of answerCase(one, value, form)) {
        count.compiled += 1;
        if (answered.differs.length === 0) count.agreed += 1;
        else differences.push(answered);
      }
    }
  }
  return { counts: [...counts.values()], wasm: attempts, differences };
}

/** In the order of the cases, from a process of its own that has ended when all have been read. */
async function* translated(directory: string): AsyncGenerator<Translated, undefined> {
  const script = fileURLToPath(new URL('./translate.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) yield parseExactJson(line) as Translated; // what it writes
  if ((await ended) !== 0) throw new Error('the corpus could not be translated');
  return undefined;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const [directory = '../shared/corpora/cedar'] = positionals;
const summary = await answerCorpus(directory);
if (values.json) console.log(JSON.stringify(summary));
else {
  console.table(summary.counts);
  console.log(`Uses of WebAssembly in this process: ${summary.wasm.length}`);
  for (const { place, answer, differs } of summary.differences.slice(0, 20))
    console.log(`${place}: another ${differs.join(' and ')}: ${JSON.stringify(answer)}`);
}
const failed = summary.differences.length > 0 || summary.wasm.length > 0;
process.exitCode = failed ? 1 : 0;
