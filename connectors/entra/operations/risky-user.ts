import { z } from 'zod';
import { type Probe, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { change } from '../effects.ts';
import { csdl, doc } from '../evidence.ts';
import { byBody, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { limit, listExecution, listOf } from '../pages.ts';
import { probeList } from '../read-back.ts';
import { COLLECTION, user } from '../resources.ts';

const RISKY = '/v1.0/identityProtection/riskyUsers';
const text = z.string().nullish();
const risky = z.object({
  id: z.string(),
  userPrincipalName: text,
  riskLevel: text,
  riskState: text,
  riskDetail: text,
  riskLastUpdatedDateTime: text,
});

const listRisky = readOperation({
  name: 'entra.risky-user.list',
  description: 'Lists users whose account may be in somebody else’s hands, with the level and state of the risk.',
  input: z.strictObject({
    riskState: z.enum(['atRisk', 'confirmedCompromised', 'dismissed', 'remediated']).optional(),
    limit,
  }),
  output: listOf(risky),
  resourceTypes: ['Entra::User'],
  resources: () => [user(COLLECTION)],
  labels: () => ['pii', 'security'],
  touched: ({ items }) => items.map(({ id }) => user(id)),
  execute: listExecution(({ riskState }) => ({
    path: RISKY,
    query: { $filter: riskState === undefined ? undefined : `riskState eq '${riskState}'` },
  })),
  evidence: [doc('GET /identityProtection/riskyUsers'), csdl('riskState, riskLevel and riskDetail are enumerations')],
});

const input = z.strictObject({ userIds: z.array(objectId).min(1).max(60) });
type Users = z.output<typeof input>;

const firstUser = ([first = '', ...others]: readonly string[]) => [user(first), ...others.map(user)] as const;

const stateProbe =
  (state: string): Probe<Users> =>
  ({ userIds }, context) =>
    probeList(
      { path: RISKY },
      {
        context,
        find: (items) => {
          const now = items.map((item) => risky.safeParse(item).data).filter((item) => item?.riskState === state);
          const done = userIds.filter((id) => now.some((item) => item?.id === id)).length;
          if (done === userIds.length) return { status: 'applied', result: {} };
          return done === 0 ? { status: 'not-applied' } : { status: 'undetermined', detail: 'Some of them are.' };
        },
      },
    );

const onUsers = (verb: string): GraphCall<Users> => ({
  request: ({ userIds }) => ({ method: 'POST', path: `${RISKY}/${verb}`, body: { userIds } }),
});
const dismissCall = onUsers('dismiss');
const confirmCall = onUsers('confirmCompromised');

const decided = {
  input,
  output: z.object({}),
  resourceTypes: ['Entra::User'],
  resources: ({ userIds }: Users) => firstUser(userIds),
  provenance: { arguments: { userIds: 'target' } },
  repeat: { class: 'naturally-idempotent', evidence: doc('riskyUser: dismiss and confirmCompromised set a state') },
} as const;

const dismiss = writeOperation({
  ...decided,
  name: 'entra.risky-user.dismiss',
  description: 'Says that a risk is none: whatever kept these users out because of it lets them in again.',
  effect: ({ userIds }) => change('privilege', { reversible: 'no', count: userIds.length }),
  effectKinds: ['privilege'],
  execute: callExecution(dismissCall, true),
  probe: stateProbe('dismissed'),
  undo: { none: 'The level and history of the risk are not brought back by confirming it.' },
  evidence: [csdl('action dismiss on riskyUser'), doc('"sets the targeted user’s risk level to none"')],
});

const confirm = writeOperation({
  ...decided,
  name: 'entra.risky-user.confirm-compromised',
  description: 'Says that these accounts are in somebody else’s hands: policies on risk then keep them out.',
  effect: ({ userIds }) => change('isolate', { reversible: 'no', count: userIds.length }),
  effectKinds: ['isolate'],
  execute: callExecution(confirmCall, true),
  probe: stateProbe('confirmedCompromised'),
  undo: { none: 'A dismissal takes the risk to none, whatever it was before.' },
  evidence: [csdl('action confirmCompromised on riskyUser'), doc('sets the risk level to high')],
});

export const riskyUserOperations = [listRisky, dismiss, confirm] as const;
export const riskyUserInner = [
  inner(dismiss, dismissCall, { method: 'POST', path: '/identityProtection/riskyUsers/dismiss', input: byBody() }),
  inner(confirm, confirmCall, {
    method: 'POST',
    path: '/identityProtection/riskyUsers/confirmCompromised',
    input: byBody(),
  }),
];
