import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change } from '../effects.ts';
import { csdl, doc, mem, NO_KEY } from '../evidence.ts';
import { objectId } from '../ids.ts';
import { quoted } from '../odata-filter.ts';
import { probeList } from '../read-back.ts';
import { user } from '../resources.ts';
import type { EntraSettings } from '../settings.ts';

const addresses = z.array(z.email()).max(100);
const input = z
  .strictObject({
    /** In whose name: the mailbox that it is sent from. */
    userId: objectId,
    to: addresses.min(1),
    cc: addresses.default([]),
    bcc: addresses.default([]),
    subject: z.string().min(1).max(255),
    /** Plain text; HTML is not offered, because what it shows is not what it says. */
    body: z.string().max(100_000),
  })
  .refine(({ to, cc, bcc }) => to.length + cc.length + bcc.length <= 100, { error: 'at most 100 recipients' });
type Mail = z.output<typeof input>;

const recipientsOf = ({ to, cc, bcc }: Mail): readonly string[] => [...to, ...cc, ...bcc];
const domainsOf = (mail: Mail): readonly string[] =>
  [...new Set(recipientsOf(mail).map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()))].sort();

/** An extended property that only this connector writes: by it a read-back finds the copy in the mailbox. */
const MARK = 'String {5a1d7f0c-3b52-4c1e-9a64-1f6b0e7c2d90} Name InterlockAction';

const people = (list: readonly string[]) => list.map((address) => ({ emailAddress: { address } }));

export function mailOperations({ ownDomains }: EntraSettings) {
  const sendMail = writeOperation({
    name: 'entra.mail.send',
    description: 'Sends a mail in a user’s name, with a copy in the sent items. What is sent cannot be called back.',
    input,
    output: z.object({}),
    facets: {
      schema: z.object({ domains: z.array(z.string()), recipients: z.array(z.string()) }),
      of: (mail) => ({
        domains: [...domainsOf(mail)],
        recipients: recipientsOf(mail).map((address) => address.toLowerCase()),
      }),
    },
    resourceTypes: ['Entra::User'],
    resources: ({ userId }) => [user(userId)],
    provenance: {
      arguments: {
        userId: 'target',
        to: 'destination',
        cc: 'destination',
        bcc: 'destination',
        subject: 'content',
        body: 'content',
      },
    },
    effect: (mail) =>
      change('communicate', {
        reversible: 'no',
        // To speak in somebody else's name needs more than ordinary rights.
        privileged: true,
        external: !domainsOf(mail).every((domain) => ownDomains.includes(domain)),
        count: recipientsOf(mail).length,
      }),
    effectKinds: ['communicate'],
    repeat: NO_KEY,
    execute: httpExecution<Mail>({
      request: ({ userId, to, cc, bcc, subject, body }, { actionId }) => ({
        method: 'POST',
        path: path`/v1.0/users/${userId}/sendMail`,
        body: {
          message: {
            subject,
            body: { contentType: 'Text', content: body },
            toRecipients: people(to),
            ccRecipients: people(cc),
            bccRecipients: people(bcc),
            singleValueExtendedProperties: [{ id: MARK, value: actionId }],
          },
          saveToSentItems: true,
        },
      }),
      repeatable: false,
      result: () => ({}),
    }),
    // The copy comes with the mail or after it, so not finding it proves nothing.
    probe: ({ userId }, context) =>
      probeList(
        {
          path: path`/v1.0/users/${userId}/messages`,
          query: {
            $select: 'id',
            $filter: `singleValueExtendedProperties/any(p:p/id eq ${quoted(MARK)} and p/value eq ${quoted(context.actionId)})`,
          },
        },
        {
          context,
          find: ({ length }) =>
            length > 0
              ? { status: 'applied', result: {} }
              : { status: 'undetermined', detail: 'No copy of it is in the mailbox yet.' },
        },
      ),
    undo: { none: 'A mail that is sent is with its recipients.' },
    evidence: [
      csdl('action sendMail on user'),
      doc('POST /users/{id}/sendMail: 202, "doesn’t indicate that the request has been completed"'),
      mem('extended properties of a sent message stand in its copy and can be filtered on'),
    ],
  });
  return [sendMail] as const;
}
