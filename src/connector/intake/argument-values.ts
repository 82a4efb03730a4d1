import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';

/** Where an argument stands: `path`, `options.dryRun`, `paths[*]`, `entities[*].name`. */
export const argumentPath = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z_$][\w$-]*(?:\[\*\])*(?:\.[A-Za-z_$][\w$-]*(?:\[\*\])*)*$/,
    'an argument is named like path, options.dryRun or paths[*]',
  );

/** Every value that `path` leads to; none where the input does not have it. */
export function argumentValues(input: JsonObject, path: string): readonly Json[] {
  let found: readonly Json[] = [input];
  for (const step of path.split('.')) {
    const name = step.replaceAll('[*]', '');
    found = found.flatMap((value) => fieldOf(value, name));
    for (let depth = step.split('[*]').length - 1; depth > 0; depth--)
      found = found.flatMap((value) => (Array.isArray(value) ? value : []));
  }
  return found;
}

function fieldOf(value: Json, name: string): readonly Json[] {
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return [];
  const field = value[name];
  return field === undefined ? [] : [field];
}
