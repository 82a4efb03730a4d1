import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import { parseExactJson, stringifyExactJson } from '../exact-json.ts';

export type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs');

/** What the glue code between JavaScript and WebAssembly is loaded with: its module's own names, and a JSON of ours. */
type Load = (
  exports: object,
  require: NodeJS.Require,
  __dirname: string,
  json: { readonly parse: typeof parseExactJson; readonly stringify: typeof stringifyExactJson },
) => void;

let loadOnce: ((exports: object) => void) | undefined;

/**
 * A WebAssembly instance of Cedar of one's own (about 8 ms). A trap poisons only it, and all of its memory goes when
 * it is dropped, which is the only way to be rid of a preparsed policy set. Integers beyond ±(2^53-1) are `bigint` in all
 * that it answers, and may be in all that it is asked: everything crosses as JSON, which is JavaScript's own by default.
 */
export function freshCedar(): Cedar {
  loadOnce ??= readGlue();
  const cedar = {};
  loadOnce(cedar);
  // The package describes what its glue code exports.
  return cedar as Cedar;
}

function readGlue(): (exports: object) => void {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@cedar-policy/cedar-wasm/nodejs');
  const names = ['exports', 'require', '__dirname', 'JSON'];
  // Its parameters are those of Load.
  const load = compileFunction(readFileSync(path, 'utf8'), names, { filename: path }) as unknown as Load;
  const json = { parse: parseExactJson, stringify: stringifyExactJson };
  return (exports) => load(exports, require, dirname(path), json);
}
