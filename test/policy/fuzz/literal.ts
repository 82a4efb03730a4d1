import type { CedarValueJson, Expr } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyRecord, PolicyValue } from '../../../src/action/policy-port.ts';
import { toCedarJson } from '../../../src/policy/cedar-wasm/to-cedar-json.ts';

/** An expression of Cedar's JSON format that has this value. */
export function literal(value: PolicyValue): Expr {
  if (Array.isArray(value) || value instanceof Set) return { Set: Array.from(value as Iterable<PolicyValue>, literal) }; // both hold policy values
  const json = toCedarJson(value);
  if (typeof json !== 'object' || json === null) return { Value: json };
  if ('__extn' in json) return extensionCall(json);
  if ('__entity' in json) return { Value: json };
  return recordLiteral(value as PolicyRecord); // nothing else is left of the union
}

function recordLiteral(record: PolicyRecord): Expr {
  const fields = Object.entries(record).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, literal(value)]],
  );
  return { Record: Object.fromEntries(fields) };
}

function extensionCall(json: CedarValueJson): Expr {
  if (typeof json !== 'object' || json === null || !('__extn' in json)) return { Value: json };
  const { fn, arg, args = [arg] } = json.__extn as { fn: string; arg: CedarValueJson; args?: CedarValueJson[] }; // one of its two forms
  return { [fn]: args.map(extensionCall) };
}
