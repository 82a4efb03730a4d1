import { leavesOf } from '../../src/workflow/provenance/leaves-of.ts';
import type { RecordedRun } from './recorded-run.ts';
import type { Verdict } from './replay-runs.ts';
import type { SuiteManifest, Tool } from './suite-manifest.ts';

const ALLOWED: Verdict = { word: 'allowed', policies: [] };
const DENIED: Verdict = { word: 'denied', policies: ['floor'] };
const HELD: Verdict = { word: 'held', policies: ['floor'] };

export type Floor = (run: RecordedRun, manifest: SuiteManifest) => readonly Verdict[];

/** What a gate must beat: rules of a few lines that anybody would try first. */
export const FLOORS: Readonly<Record<string, Floor>> = {
  'refuse every write after any read': ({ calls }, manifest) => {
    let hasRead = false;
    return calls.map(({ tool }) => {
      const isWrite = !isRead(manifest.tools.get(tool));
      if (!isWrite) hasRead = true;
      return isWrite && hasRead ? DENIED : ALLOWED;
    });
  },
  'refuse a destination that the prompt does not mention': (run, manifest) =>
    run.calls.map((call) =>
      destinations(call, manifest).every((value) => mentions(run.prompt, value)) ? ALLOWED : DENIED,
    ),
  'plain provenance: ask for a destination that neither the prompt nor a field named': (run, manifest) => {
    const fields: string[] = [];
    return run.calls.map((call) => {
      const known = destinations(call, manifest).every(
        (value) => mentions(run.prompt, value) || fields.includes(value.toLowerCase()),
      );
      for (const { text } of leavesOf(call.result ?? null)) if (text.length < 100) fields.push(text.toLowerCase());
      return known ? ALLOWED : HELD;
    });
  },
};

function isRead(tool: Tool | undefined): boolean {
  return tool?.effect !== undefined && 'kind' in tool.effect && tool.effect.kind === 'read';
}

function destinations({ tool, args }: RecordedRun['calls'][number], { tools }: SuiteManifest): readonly string[] {
  const entry = tools.get(tool);
  if (entry === undefined || isRead(entry)) return [];
  const declared = [
    ...entry.destinations,
    ...Object.keys(entry.arguments).filter((path) => entry.arguments[path] === 'destination'),
  ];
  return [...leavesOf(args)].filter(({ path }) => declared.includes(path)).map(({ text }) => text);
}

function mentions(text: string, value: string): boolean {
  return text.toLowerCase().includes(value.toLowerCase());
}
