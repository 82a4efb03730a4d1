/** Keys that some reader gives a meaning: JavaScript prototypes and Cedar's JSON escapes. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '__entity',
  '__extn',
  '__expr',
]);
