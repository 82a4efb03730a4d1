import { z } from 'zod';
import { plainId } from '../action/names.ts';
import { apiKeySchema } from '../gate/api-keys.ts';
import { RIGHTS } from '../gate/interlock.ts';
import { sha256 } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import { randomIds } from '../lib/ids.ts';
import type { LocalWork } from '../surface/cli/cli-context.ts';

const keyOptions = z.strictObject({
  id: plainId,
  tenant: plainId,
  rights: z.array(z.enum(RIGHTS)).min(1),
  groups: z.array(plainId),
});

/** An API key, and its entry for the configuration. Throws INVALID_CALL. */
export async function newKey(options: Parameters<LocalWork['newKey']>[0]): ReturnType<LocalWork['newKey']> {
  const parsed = keyOptions.safeParse(options);
  if (!parsed.success) throw new InterlockError('INVALID_CALL', z.prettifyError(parsed.error));
  const key = `ilk_${randomIds().secret()}`;
  const { person: _nobody, ...entry } = apiKeySchema.parse({ ...parsed.data, digest: sha256(key) });
  return { key, entry };
}
