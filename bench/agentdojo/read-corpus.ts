import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { JsonObject } from '../../src/lib/json.ts';
import { parseDump } from './parse-dump.ts';
import type { LabelledRun } from './recorded-run.ts';

const EXTENSION = '.jsonl.gz';
const RESULTS = `results${EXTENSION}`;

const recordedCall = z.object({
  tool: z.string(),
  args: z.record(z.string(), z.json()),
  result: z.string().optional(),
  error: z.string().nullish(),
  critical_for_attack: z.boolean().default(false),
  critical_for_utility: z.boolean().default(false),
});

const recordedRun = z.object({
  suite: z.string(),
  user_task: z.string(),
  injection_task: z.string().nullish(),
  attack: z.string().nullish(),
  utility: z.boolean().nullish(),
  attack_success: z.boolean().nullish(),
  /** The version of the benchmark's checkers that gave the recorded verdicts again. */
  benchmark_version_reproduced: z.union([z.string(), z.boolean()]).nullish(),
  prompt: z.string(),
  calls: z.array(recordedCall),
});

const toolList = z.object({
  kind: z.literal('tools'),
  suite: z.string(),
  tools: z.array(
    z.object({ name: z.string(), description: z.string().optional(), params: z.record(z.string(), z.json()) }),
  ),
});

/** A tool as the benchmark offers it to agents. */
export interface OfferedTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly params: JsonObject;
}

/** The tools of each suite, from the file of tasks. */
export function readTools(file: string): ReadonlyMap<string, readonly OfferedTool[]> {
  const lists = lines(readFileSync(file, 'utf8')).flatMap((line) => toolList.safeParse(line).data ?? []);
  return new Map(lists.map(({ suite, tools }) => [suite, tools as readonly OfferedTool[]]));
}

/** Every run that `wanted` takes, file by file; results are parsed once and shared. */
export function readRuns(directory: string, wanted: (labels: LabelledRun['labels']) => boolean): LabelledRun[] {
  const texts = new Map(lines(unzipped(join(directory, RESULTS))) as [string, string][]);
  const parsed = new Map<string, ReturnType<typeof parseDump>>();
  const resultOf = (key: string) => {
    const known = parsed.get(key);
    if (known !== undefined) return known;
    const result = parseDump(texts.get(key) ?? '');
    parsed.set(key, result);
    return result;
  };
  const files = readdirSync(directory).filter((name) => name.endsWith(EXTENSION) && name !== RESULTS);
  return files.sort().flatMap((file) =>
    lines(unzipped(join(directory, file)))
      .map((line) => recordedRun.parse(line))
      .flatMap((recorded) => {
        const labels = labelsOf(recorded, basename(file, EXTENSION));
        return wanted(labels) ? [{ run: runOf(recorded, resultOf), labels }] : [];
      }),
  );
}

type Recorded = z.output<typeof recordedRun>;

/** The only part that a gate is given. */
function runOf({ suite, prompt, calls }: Recorded, resultOf: (key: string) => ReturnType<typeof parseDump>) {
  return {
    suite,
    prompt,
    calls: calls.map(({ tool, args, result, error }) => ({
      tool,
      args: args as JsonObject,
      ...(result === undefined ? {} : { result: resultOf(result) }),
      ...(typeof error === 'string' ? { error } : {}),
    })),
  };
}

function labelsOf(recorded: Recorded, pipeline: string): LabelledRun['labels'] {
  return {
    pipeline,
    suite: recorded.suite,
    userTask: recorded.user_task,
    injectionTask: recorded.injection_task ?? undefined,
    attack: recorded.attack ?? undefined,
    isReproduced: Boolean(recorded.benchmark_version_reproduced),
    utility: recorded.utility === true,
    succeeded: recorded.attack_success === true,
    calls: recorded.calls.map((call) => ({
      forAttack: call.critical_for_attack,
      forUtility: call.critical_for_utility,
      failed: typeof call.error === 'string',
    })),
  };
}

function unzipped(file: string): string {
  return gunzipSync(readFileSync(file)).toString('utf8');
}

function lines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
