import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';
import { type ExecutionContext, type ProbeResult, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { once, spec } from './evidence.ts';

interface Removal<K extends string> {
  readonly name: string;
  readonly description: string;
  /** The one argument: the id of what goes. */
  readonly key: K;
  readonly id: z.ZodString;
  readonly resourceType: ResourceType;
  readonly pathOf: (id: string) => string;
  readonly privileged: boolean;
  readonly none: string;
  readonly source: string;
}

const removed = z.object({ id: z.string(), deleted: z.boolean() });

/** Something with an id is deleted for good; whether it is gone can be read. */
export function removalOperation<K extends string>(removal: Removal<K>) {
  const { key, pathOf, resourceType } = removal;
  const idOf = (input: Readonly<Record<string, unknown>>): string => String(input[key]); // `id` has parsed it
  return writeOperation({
    name: removal.name,
    description: removal.description,
    activity: 'tool',
    input: z.strictObject({ [key]: removal.id }),
    output: removed,
    resourceTypes: [resourceType],
    resources: (input): readonly [ResourceRef] => [{ type: resourceType, id: idOf(input) }],
    provenance: { arguments: { [key]: 'target' }, returns: { default: 'system' } },
    effect: (): Effect => ({
      kind: 'delete',
      reversible: 'no',
      external: false,
      privileged: removal.privileged,
      count: 1,
    }),
    effectKinds: ['delete'],
    repeat: once(removal.source),
    execute: httpExecution({
      request: (input) => ({ method: 'DELETE', path: pathOf(idOf(input)) }),
      repeatable: false,
      result: ({ body }) => body,
    }),
    probe: (input, context) => probeGone(pathOf(idOf(input)), context),
    undo: { none: removal.none },
    evidence: [spec(removal.source)],
  });
}

/** 404: gone, or never there; either way it does not exist now. */
async function probeGone(path: string, { http, signal }: ExecutionContext): Promise<ProbeResult> {
  const answer = await http.send({ method: 'GET', path }, { repeatable: true, reads: true, signal });
  if (answer.ok) return { status: 'not-applied' };
  if (answer.reply?.status === 404) return { status: 'applied' };
  return { status: 'undetermined', detail: answer.detail };
}
