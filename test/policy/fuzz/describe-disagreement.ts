import type { Cedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import { recordJson } from '../../../src/policy/cedar-wasm/to-cedar-json.ts';
import { stringifyExactJson } from '../../../src/policy/exact-json.ts';
import type { FuzzPolicy } from './fuzz-policies.ts';
import type { Disagreement } from './fuzz-round.ts';
import type { Outcomes } from './outcomes.ts';
import { shrink } from './shrink.ts';

/** A disagreement as people read it: the smallest case that shows it, and how to see it again. */
export function describeDisagreement(cedar: Cedar, disagreement: Disagreement): string {
  const { round, request, form } = disagreement;
  const small = shrink(cedar, disagreement);
  const again = `npm run fuzz -- --seed ${round.seed} --outcomes 1`;
  if (small === undefined) return `Round ${round.seed} (${form}): seen only after the requests before it. ${again}`;
  const named = JSON.stringify(small.policies);
  const described = round.world.entities.filter(([{ type, id }]) => {
    const isAsked = [request.principal, request.action, request.resource].some(
      (ref) => ref.type === type && ref.id === id,
    );
    return isAsked || named.includes(JSON.stringify({ type, id }));
  });
  return [
    `Round ${round.seed}, policies as ${form}: compiled and reference answer differently. ${again}`,
    ...small.policies.map(
      (policy) =>
        `${policy.id}: ${textOf(cedar, policy)}  // compiled: ${said(small.compiled, policy)}, Cedar: ${said(small.reference, policy)}`,
    ),
    `principal ${nameOf(request.principal)}, action ${nameOf(request.action)}, resource ${nameOf(request.resource)}`,
    `context ${stringifyExactJson(recordJson(request.context))}`,
    ...described.map(
      ([ref, { attributes, parents, tags }]) =>
        `${nameOf(ref)} ${stringifyExactJson(recordJson(attributes))} in [${parents.map(nameOf).join(', ')}] tags ${stringifyExactJson(recordJson(tags ?? {}))}`,
    ),
  ].join('\n');
}

function said({ satisfied, failed }: Outcomes, { id }: FuzzPolicy): string {
  if (failed.has(id)) return 'an error';
  return satisfied.has(id) ? 'satisfied' : 'not satisfied';
}

function textOf(cedar: Cedar, { json, slots }: FuzzPolicy): string {
  const linked = Object.entries(slots).map(([slot, ref]) => `${slot} = ${nameOf(ref)}`);
  const answer = linked.length === 0 ? cedar.policyToText(json) : cedar.templateToText(json);
  const text = answer.type === 'success' ? answer.text : JSON.stringify(json);
  return [text.replaceAll(/\s+/g, ' '), ...linked].join(' ');
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}::${JSON.stringify(id)}`;
}
