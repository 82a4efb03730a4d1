import type { Effect } from '../../action/effect.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { AnyOperation } from '../contract.ts';
import { describe } from '../describe-action.ts';

/** What the gate would be told of this input, by the code that tells it. Throws what that throws. */
export function describeInput(
  definition: AnyOperation,
  { input, labels }: { readonly input: JsonObject; readonly labels: readonly string[] },
): { readonly effect: Effect; readonly resources: readonly unknown[]; readonly labels: readonly string[] } {
  const { name } = definition;
  const system = name.slice(0, name.indexOf('.'));
  const operation = { name, system, definition, systemLabels: new Set(labels), context: notCalled };
  return describe(operation, input);
}

function notCalled(): never {
  throw new TypeError('nothing is executed here');
}
