import type { Plain, PlainRecord } from '../questions.ts';
import type { SetPath } from '../rules.ts';

const SETS: readonly SetPath[] = ['input.tags', 'input.recipients', 'agent.labels'];

/** What a path leads to. */
export function valueAt(context: PlainRecord, path: string): Plain | undefined {
  let value: Plain | undefined = context;
  for (const name of path.split('.')) value = isRecord(value) ? value[name] : undefined;
  return value;
}

/** What stands at the paths to sets. */
export function setsOf(context: PlainRecord): readonly (readonly [SetPath, readonly string[]])[] {
  return SETS.map((path) => {
    const members = valueAt(context, path);
    return [path, Array.isArray(members) ? members.map(String) : []] as const;
  });
}

/** The context with JavaScript sets where rules look for members, for engines that find them faster there. */
export function withSets(context: PlainRecord): Readonly<Record<string, unknown>> {
  const copy: Record<string, unknown> = { ...context };
  for (const [path, members] of setsOf(context)) {
    const [outer = '', inner = ''] = path.split('.');
    copy[outer] = { ...(copy[outer] as object), [inner]: new Set(members) }; // the paths lead into records
  }
  return copy;
}

function isRecord(value: Plain | undefined): value is PlainRecord {
  return typeof value === 'object' && !Array.isArray(value);
}
