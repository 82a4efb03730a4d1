import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { csdl, doc, mem, NO_KEY } from '../evidence.ts';
import { callExecution } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { readBack, undetermined } from '../read-back.ts';
import { user } from '../resources.ts';

const input = z
  .strictObject({
    userId: objectId,
    /** Ids of subscribed SKUs. */
    add: z.array(objectId).max(20).default([]),
    remove: z.array(objectId).max(20).default([]),
  })
  .refine(({ add, remove }) => add.length + remove.length > 0, { error: 'add or remove at least one licence' })
  .refine(({ add, remove }) => !add.some((sku) => remove.includes(sku)), { error: 'one licence stands in both lists' });
type Licences = z.output<typeof input>;

const held = z.object({ assignedLicenses: z.array(z.object({ skuId: z.string() })) });

const assignLicense = writeOperation({
  name: 'entra.user.assign-license',
  provenance: { arguments: { userId: 'target', add: 'flag', remove: 'flag' } },
  description:
    'Gives a user licences, which are paid for, or takes them away, with the services and after a while the data behind them.',
  input,
  output: z.object({}),
  resourceTypes: ['Entra::User'],
  resources: ({ userId }) => [user(userId)],
  effect: ({ add, remove }) =>
    remove.length > 0
      ? change('delete', { reversible: 'window', count: add.length + remove.length })
      : change('spend', { reversible: 'operation', count: add.length }),
  effectKinds: ['spend', 'delete'],
  repeat: NO_KEY,
  execute: callExecution<Licences>(
    {
      request: ({ userId, add, remove }) => ({
        method: 'POST',
        path: path`/v1.0/users/${userId}/assignLicense`,
        body: { addLicenses: add.map((skuId) => ({ skuId, disabledPlans: [] })), removeLicenses: remove },
      }),
    },
    false,
  ),
  probe: async ({ userId, add, remove }, context) => {
    const answer = await readBack(
      { path: path`/v1.0/users/${userId}`, query: { $select: 'assignedLicenses' } },
      context,
    );
    const read = answer.ok ? held.safeParse(answer.reply.body) : undefined;
    if (read?.success !== true) return undetermined(answer);
    const skus = read.data.assignedLicenses.map(({ skuId }) => skuId.toLowerCase());
    const applied = add.every((sku) => skus.includes(sku)) && !remove.some((sku) => skus.includes(sku));
    return applied ? { status: 'applied', result: {} } : { status: 'not-applied' };
  },
  // Which plans of a removed licence were switched off is lost with it.
  undo: ({ userId, add, remove }) =>
    remove.length > 0 ? undefined : { operation: 'entra.user.assign-license', input: { userId, remove: add } },
  evidence: [
    csdl('action assignLicense on user'),
    doc('POST /users/{id}/assignLicense {addLicenses: [{skuId, disabledPlans}], removeLicenses}: 200'),
    mem('the data behind a removed licence is kept for 30 days'),
  ],
});

export const licenseOperations = [assignLicense] as const;
