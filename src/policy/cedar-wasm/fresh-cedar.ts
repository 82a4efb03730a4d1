import { createRequire } from 'node:module';

export type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs');

/**
 * A WebAssembly instance of Cedar of one's own (about 8 ms). A trap poisons only it, and all of its memory goes when
 * it is dropped, which is the only way to be rid of a preparsed policy set.
 */
export function freshCedar(): Cedar {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@cedar-policy/cedar-wasm/nodejs');
  delete require.cache[path];
  const cedar: Cedar = require(path);
  delete require.cache[path];
  return cedar;
}
