import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Cedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import type { CorpusCase } from './corpus-cases.ts';
import type { SchemaJson } from './resolved-schema.ts';

/** What of a case only Cedar's own parser can read, in its JSON formats. */
export interface Translated {
  readonly name: string;
  /** A linked template under the id of its link. */
  readonly policies: readonly { readonly id: string; readonly json: PolicyJson }[];
  readonly schema: SchemaJson;
}

export function translateCase(
  cedar: Cedar,
  { name, policies, namedByAnnotation, links, schema }: CorpusCase,
): Translated {
  const parts = succeeded(name, cedar.policySetTextToParts(policies));
  const templates = parts.policy_templates.map((text) => succeeded(name, cedar.templateToJson(text)).json);
  const idOf = ({ annotations }: PolicyJson) => annotations?.['id'] ?? '';
  const jsons = parts.policies.map((text) => succeeded(name, cedar.policyToJson(text)).json);
  // The parts come in the order of their ids as texts: policy10 before policy2.
  const numbers = jsons.map((_, index) => `policy${index}`).sort();
  const fixed = jsons.map((json, index) => ({ id: (namedByAnnotation && idOf(json)) || (numbers[index] ?? ''), json }));
  const linked = links.map(({ template, id }) => {
    const json = templates.find((one) => idOf(one) === template);
    if (json === undefined) throw new Error(`${name}: there is no template ${template}`);
    return { id, json };
  });
  const resolved = succeeded(name, cedar.schemaToJsonWithResolvedTypes(schema));
  // Its own type says less than it has.
  return { name, policies: [...fixed, ...linked], schema: resolved.json as unknown as SchemaJson };
}

function succeeded<A extends { readonly type: string }>(
  name: string,
  answer: A,
): Extract<A, { readonly type: 'success' }> {
  if (answer.type === 'success') return answer as Extract<A, { readonly type: 'success' }>; // it has just been asked
  throw new Error(`${name}: ${JSON.stringify(answer)}`);
}
