import { z } from 'zod';
import { type AnyOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change } from '../effects.ts';
import { doc, NO_KEY } from '../evidence.ts';
import { quoted } from '../odata-filter.ts';
import { probeList } from '../read-back.ts';
import { invitation } from '../resources.ts';
import type { EntraSettings } from '../settings.ts';

/** The link to redeem it is a key to the account, so it goes to the guest by mail or to nobody. */
const output = z.object({
  id: z.string(),
  status: z.string().nullish(),
  invitedUser: z.object({ id: z.string() }).optional(),
});

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

export function invitationOperation({ inviteRedirectUrl }: EntraSettings): AnyOperation {
  return writeOperation({
    name: 'entra.invitation.create',
    description:
      'Lets somebody from outside into the tenant as a guest, and mails the invitation unless `sendMessage` is false.',
    input: z.strictObject({
      emailAddress: z.email(),
      displayName: z.string().min(1).max(256).optional(),
      sendMessage: z.boolean().default(true),
    }),
    output,
    facets: {
      schema: z.object({ domain: z.string() }),
      of: ({ emailAddress }) => ({ domain: domainOf(emailAddress) }),
    },
    resourceTypes: ['Entra::Invitation'],
    resources: ({ emailAddress }) => [invitation(emailAddress.toLowerCase())],
    provenance: { arguments: { emailAddress: 'destination', displayName: 'content' } },
    effect: () => change('privilege', { reversible: 'operation', external: true }),
    effectKinds: ['privilege'],
    repeat: NO_KEY,
    execute: httpExecution({
      request: ({ emailAddress, displayName, sendMessage }) => ({
        method: 'POST',
        path: '/v1.0/invitations',
        body: {
          invitedUserEmailAddress: emailAddress,
          inviteRedirectUrl,
          sendInvitationMessage: sendMessage,
          ...(displayName === undefined ? {} : { invitedUserDisplayName: displayName }),
        },
      }),
      repeatable: false,
      result: (reply) => reply.body,
    }),
    // A guest who is there may have been invited before; one who is not has certainly not been invited.
    probe: ({ emailAddress }, context) =>
      probeList(
        { path: '/v1.0/users', query: { $select: 'id', $filter: `mail eq ${quoted(emailAddress)}` } },
        {
          context,
          find: ({ length }) =>
            length === 0
              ? { status: 'not-applied' }
              : { status: 'undetermined', detail: 'The guest is there; who invited them does not show.' },
        },
      ),
    undo: (_input, result) => {
      const userId = output.safeParse(result).data?.invitedUser?.id;
      return userId === undefined ? undefined : { operation: 'entra.user.delete', input: { userId } };
    },
    evidence: [
      doc(
        'POST /invitations {invitedUserEmailAddress, inviteRedirectUrl, sendInvitationMessage}: 201 with inviteRedeemUrl and invitedUser',
      ),
    ],
  });
}
