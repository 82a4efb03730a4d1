import { z } from 'zod';
import type { AnyOperation, Evidence, Execute } from '../../src/connector/contract.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { reference, workdayId } from './fields.ts';

const sendMessage = z
  .strictObject({
    notificationTypeId: workdayId,
    recipientIds: z.array(workdayId).min(1).max(500),
    email: z
      .strictObject({
        subject: z.string().min(1).max(500),
        /** Rich text. */
        body: z.string().min(1).max(50_000),
        /** Where answers go. */
        replyTo: z.email().optional(),
      })
      .optional(),
    push: z.strictObject({ message: z.string().min(1).max(1_000), redirectUrl: z.url().optional() }).optional(),
    templateId: workdayId.optional(),
    /** Sends in the name of another sender. */
    senderOverrideId: workdayId.optional(),
  })
  .refine(({ email, push, templateId }) => (templateId === undefined) !== (email === undefined && push === undefined), {
    path: ['templateId'],
    error: 'a message has either a template, or an e-mail or push text',
  });
type SendMessage = z.output<typeof sendMessage>;

/** What is published about a second call. */
const ONCE: Evidence = {
  mark: 'spec',
  source: 'connect v2 POST /sendMessage takes no key: each call is another message',
};

function send(tenant: string): Execute<SendMessage> {
  return httpExecution({
    request: (input) => ({
      method: 'POST',
      path: path`/ccx/api/connect/v2/${tenant}/sendMessage`,
      body: bodyOf(input),
    }),
    repeatable: false,
    result: (_reply, { recipientIds }) => ({ recipientCount: recipientIds.length }),
  });
}

const EVIDENCE: readonly Evidence[] = [
  {
    mark: 'spec',
    source:
      'connect v2 POST /sendMessage: recipients.contacts, emailDetail {subject, body}, pushDetail {message}, messageTemplate, notificationType',
  },
  {
    mark: 'spec',
    source:
      '"Message Template cannot be provided if Email or Push details is provided"; "At least one Recipient is required"',
  },
];

export function messageOperations(tenant: string): readonly AnyOperation[] {
  return [
    writeOperation({
      name: 'workday.message.send',
      description: 'Sends an e-mail or push message to people in the name of the company; it cannot be called back.',
      input: sendMessage,
      output: z.object({ recipientCount: z.int() }),
      facets: {
        schema: z.object({
          recipientCount: z.int(),
          senderOverridden: z.boolean(),
          replyToDomain: z.string().optional(),
        }),
        of: facetsOf,
      },
      resourceTypes: ['Workday::Message', 'Workday::Worker'],
      resources: ({ recipientIds }) => [
        { type: 'Workday::Message', id: 'sendMessage' },
        ...recipientIds.map((id) => ({ type: 'Workday::Worker', id, labels: ['hr', 'pii'] }) as const),
      ],
      effectKinds: ['communicate'],
      effect: ({ recipientIds, senderOverrideId }) => ({
        kind: 'communicate',
        reversible: 'no',
        // A recipient is any "Workday Connect Subscriber", and an id does not say whether that one is employed here.
        external: true,
        privileged: senderOverrideId !== undefined,
        count: recipientIds.length,
      }),
      repeat: { class: 'at-most-once', evidence: ONCE },
      execute: send(tenant),
      probe: async () => ({
        status: 'undetermined',
        detail: 'REST cannot list messages that were sent; ask a recipient or the outbound log.',
      }),
      undo: { none: 'A message that was delivered has been read.' },
      evidence: EVIDENCE,
    }),
  ];
}

function facetsOf({ recipientIds, senderOverrideId, email }: SendMessage) {
  const domain = email?.replyTo?.split('@').at(-1)?.toLowerCase();
  return {
    recipientCount: recipientIds.length,
    senderOverridden: senderOverrideId !== undefined,
    ...(domain !== undefined && { replyToDomain: domain }),
  };
}

function bodyOf({ notificationTypeId, recipientIds, email, push, templateId, senderOverrideId }: SendMessage) {
  return {
    notificationType: reference(notificationTypeId),
    recipients: { contacts: recipientIds.map(reference) },
    ...(email && {
      emailDetail: {
        subject: email.subject,
        body: email.body,
        ...(email.replyTo !== undefined && { replyTo: email.replyTo }),
      },
    }),
    ...(push && {
      pushDetail: { message: push.message, ...(push.redirectUrl !== undefined && { redirectURL: push.redirectUrl }) },
    }),
    ...(templateId !== undefined && { messageTemplate: reference(templateId) }),
    ...(senderOverrideId !== undefined && { senderOverride: reference(senderOverrideId) }),
  };
}
