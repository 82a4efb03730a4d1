import { z } from 'zod';
import { type Probe, readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { ALL_TRAFFIC, change } from './effects.ts';
import { pageOf } from './entity.ts';
import { id } from './ids.ts';
import { read, undetermined } from './read-back.ts';
import { ref } from './resources.ts';

const output = z.object({ id: z.string(), target: z.string(), weight: z.int().nullish() });

const upstream = { resourceTypes: ['Kong::Upstream'] } as const;
const onUpstream = (input: { readonly upstream: string }) => [ref('Kong::Upstream', input.upstream)] as const;
const targetsPath = (input: { readonly upstream: string }) => path`/upstreams/${input.upstream}/targets`;

/** A host, or an address, with a port. */
const address = z
  .string()
  .regex(/^(?:[A-Za-z0-9._-]{1,253}|\[[0-9a-f:]{2,39}\]):[0-9]{1,5}$/, 'a host and port, as 10.0.0.7:8080');

const listTargets = readOperation({
  ...upstream,
  name: 'kong.target.list',
  description: 'Lists where an upstream sends its traffic, and with which weight.',
  input: z.strictObject({
    upstream: id,
    size: z.int().min(1).max(1_000).default(100),
    offset: z.string().min(1).max(2_048).optional(),
  }),
  output: z.object({ items: z.array(output), offset: z.string().optional() }),
  resources: onUpstream,
  execute: (input, context) => pageOf(targetsPath(input))(input, context),
  evidence: [{ mark: 'spec', source: 'GET /upstreams/{id}/targets (list-target-with-upstream)' }],
});

/** The targets of the upstream, as far as one page shows them; undefined where it does not tell. */
const weightProbe =
  (isApplied: (weight: number | undefined, input: Sending) => boolean): Probe<Sending> =>
  async (input, context) => {
    const answer = await read(targetsPath(input), context);
    const found = answer.ok
      ? z.object({ data: z.array(output), offset: z.string().nullish() }).safeParse(answer.reply.body)
      : undefined;
    if (found?.success !== true || found.data.offset != null) return undetermined(answer);
    const there = found.data.data.find(({ target }) => target === input.target);
    if (!isApplied(there?.weight ?? (there === undefined ? undefined : DEFAULT_WEIGHT), input))
      return { status: 'not-applied' };
    return { status: 'applied', result: there ?? {} };
  };

interface Sending {
  readonly upstream: string;
  readonly target: string;
  readonly weight?: number | undefined;
}

/** [spec] */
const DEFAULT_WEIGHT = 100;

const addTarget = writeOperation({
  ...upstream,
  name: 'kong.target.create',
  description: 'Sends a share of the upstream’s traffic to an address; weight 0 sends none.',
  input: z.strictObject({ upstream: id, target: address, weight: z.int().min(0).max(65_535).default(DEFAULT_WEIGHT) }),
  output,
  resources: onUpstream,
  provenance: { arguments: { upstream: 'target', target: 'destination', weight: 'amount' } },
  effect: ({ weight }) =>
    change('update', { reversible: 'operation', external: true, count: weight === 0 ? 1 : ALL_TRAFFIC }),
  effectKinds: ['update'],
  repeat: {
    class: 'at-most-once',
    evidence: { mark: 'spec', source: 'POST /upstreams/{id}/targets names no idempotency key' },
  },
  execute: httpExecution({
    request: ({ target, weight, ...input }) => ({ method: 'POST', path: targetsPath(input), body: { target, weight } }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  probe: weightProbe((weight, input) => weight === input.weight),
  undo: ({ upstream: of, target }) => ({ operation: 'kong.target.delete', input: { upstream: of, target } }),
  evidence: [{ mark: 'spec', source: 'POST /upstreams/{id}/targets (create-target-for-upstream): target, weight' }],
});

const removeTarget = writeOperation({
  ...upstream,
  name: 'kong.target.delete',
  description: 'Takes an address out of an upstream. Without any left its callers get errors.',
  input: z.strictObject({ upstream: id, target: address }),
  output: z.object({}),
  resources: onUpstream,
  provenance: { arguments: { upstream: 'target', target: 'target' } },
  effect: () => change('delete', { count: ALL_TRAFFIC }),
  effectKinds: ['delete'],
  repeat: {
    class: 'naturally-idempotent',
    evidence: {
      mark: 'spec',
      source: 'DELETE /upstreams/{id}/targets/{target} (delete-upstream-target): 204 (RFC 9110 §9.2.2)',
    },
  },
  execute: httpExecution({
    request: ({ upstream: of, target }) => ({ method: 'DELETE', path: path`/upstreams/${of}/targets/${target}` }),
    repeatable: true,
    result: () => ({}),
  }),
  probe: weightProbe((weight) => weight === undefined),
  undo: { none: 'With which weight it was there is not kept.' },
  evidence: [{ mark: 'spec', source: 'DELETE /upstreams/{id}/targets/{target} (delete-upstream-target)' }],
});

export const targetOperations = [listTargets, addTarget, removeTarget] as const;
