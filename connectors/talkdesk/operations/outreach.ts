import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change, EVERYBODY_LISTED } from '../effects.ts';
import { doc, idempotent, mem, once, spec } from '../evidence.ts';
import { id, phoneNumber } from '../ids.ts';
import { read, undetermined } from '../read-back.ts';
import { COLLECTION, campaign, contact, number, recordList } from '../resources.ts';

const text = z.string().nullish();
const contactOutput = z.object({
  contact: z.object({
    id: text,
    name: text,
    company: text,
    phones: z.array(z.object({ label: text, number: text })).nullish(),
  }),
});

const getContact = readOperation({
  name: 'talkdesk.contact.get',
  description: 'Reads one contact with its phone numbers.',
  input: z.strictObject({ contactId: id }),
  output: contactOutput,
  resourceTypes: ['Talkdesk::Contact'],
  resources: (input) => [contact(input.contactId)],
  labels: () => ['pii'],
  provenance: { returns: { fields: { 'contact.name': 'others', 'contact.company': 'others' } } },
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: path`/contacts/${input.contactId}` }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [spec('GET /contacts/{contact_id} (GetContactByID)')],
});

const callback = writeOperation({
  name: 'talkdesk.call.request-callback',
  description: 'Has a person called: the account’s number rings an agent and then them.',
  input: z.strictObject({
    talkdesk_phone_number: phoneNumber,
    contact_phone_number: phoneNumber,
    context: z
      .strictObject({
        fields: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(100),
              display_name: z.string().max(100).optional(),
              data_type: z.enum(['phone', 'text', 'url']).default('text'),
              value: z.string().max(1_000),
            }),
          )
          .max(20),
      })
      .optional(),
  }),
  output: z.object({}),
  resourceTypes: ['Talkdesk::PhoneNumber'],
  resources: (input) => [number(input.contact_phone_number), number(input.talkdesk_phone_number)],
  provenance: {
    arguments: {
      contact_phone_number: 'destination',
      talkdesk_phone_number: 'target',
      'context.fields[*].value': 'content',
    },
  },
  effect: () => change('communicate', { external: true }),
  effectKinds: ['communicate'],
  repeat: once('POST /calls/callback'),
  execute: httpExecution({
    request: ({ context, ...input }) => ({
      method: 'POST',
      path: '/calls/callback',
      body: { ...input, ...(context === undefined ? {} : { context: { fields: context.fields.map(given) } }) },
    }),
    repeatable: false,
    result: () => ({}),
  }),
  undo: { none: 'Whoever was called has been called; no call is documented that takes a request back.' },
  evidence: [spec('POST /calls/callback (CreateCallback): talkdesk_phone_number, contact_phone_number, context')],
});

function given<T extends object>(fields: T) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const campaignOutput = z.object({ id: z.string(), name: text, status: text });
const campaignPath = (input: { readonly campaignId: string }): string => path`/campaigns/${input.campaignId}`;

const getCampaign = readOperation({
  name: 'talkdesk.campaign.get',
  description: 'Reads one outbound campaign and whether it runs. Unverified: its path is from memory.',
  input: z.strictObject({ campaignId: id }),
  output: campaignOutput,
  resourceTypes: ['Talkdesk::Campaign'],
  resources: (input) => [campaign(input.campaignId)],
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: campaignPath(input) }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [mem('GET /campaigns/{id}')],
});

const createCampaign = writeOperation({
  name: 'talkdesk.campaign.create',
  description:
    'Sets up an outbound campaign over record lists; nobody is called before it runs. Unverified: its fields are from memory.',
  input: z.strictObject({
    name: z.string().min(1).max(100),
    dialing_mode: z.enum(['PREVIEW', 'PREDICTIVE']).default('PREVIEW'),
    record_list_ids: z.array(id).min(1).max(50),
    caller_ids: z.array(phoneNumber).min(1).max(50),
  }),
  output: campaignOutput,
  resourceTypes: ['Talkdesk::Campaign', 'Talkdesk::RecordList'],
  resources: (input) => [campaign(COLLECTION), ...input.record_list_ids.map(recordList)],
  touched: (made) => [campaign(made.id)],
  provenance: { arguments: { record_list_ids: 'destination', caller_ids: 'target', dialing_mode: 'flag' } },
  effect: () => change('create', { privileged: true }),
  effectKinds: ['create'],
  repeat: once('POST /campaigns'),
  execute: httpExecution({
    request: (input) => ({ method: 'POST', path: '/campaigns', body: input }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  undo: { none: 'No call is documented that deletes a campaign.' },
  evidence: [doc('POST /campaigns, scope campaigns:write'), mem('name, dialing_mode, record_list_ids, caller_ids')],
});

const setCampaign = writeOperation({
  name: 'talkdesk.campaign.set-status',
  description: 'Starts or pauses a campaign. `running` has a dialler call everybody on its lists.',
  input: z.strictObject({ campaignId: id, status: z.enum(['running', 'paused']) }),
  output: campaignOutput.partial(),
  resourceTypes: ['Talkdesk::Campaign'],
  resources: (input) => [campaign(input.campaignId)],
  provenance: { arguments: { campaignId: 'target', status: 'flag' } },
  effect: ({ status }) =>
    status === 'running'
      ? change('communicate', { external: true, privileged: true, count: EVERYBODY_LISTED })
      : change('isolate', { reversible: 'operation', privileged: true }),
  effectKinds: ['communicate', 'isolate'],
  repeat: idempotent('PATCH /campaigns/{id} { op: REPLACE, path: status, value }: sets the status that is named'),
  execute: httpExecution({
    request: ({ status, ...input }) => ({
      method: 'PATCH',
      path: campaignPath(input),
      body: [{ op: 'REPLACE', path: 'status', value: status }],
    }),
    repeatable: true,
    result: ({ body }) => body ?? {},
  }),
  probe: async (input, context) => {
    const answer = await read({ method: 'GET', path: campaignPath(input) }, context);
    const found = answer.ok ? campaignOutput.safeParse(answer.reply.body) : undefined;
    if (found?.success !== true) return undetermined(answer);
    return found.data.status === input.status ? { status: 'applied', result: found.data } : { status: 'not-applied' };
  },
  // A dialler that was paused goes on where it stood; calls that were made cannot be taken back.
  undo: ({ campaignId, status }) =>
    status === 'paused'
      ? { operation: 'talkdesk.campaign.set-status', input: { campaignId, status: 'running' } }
      : undefined,
  evidence: [
    doc('PATCH /campaigns/{id} { op: REPLACE, path: status, value: running | paused }, scope campaigns:write'),
  ],
});

const addRecord = writeOperation({
  name: 'talkdesk.record-list.add-record',
  description:
    'Puts a number on a list that a dialler calls; consent is the caller’s to have. Unverified: the fields are from memory.',
  input: z.strictObject({
    recordListId: id,
    phone_number: phoneNumber,
    first_name: z.string().max(100).optional(),
    last_name: z.string().max(100).optional(),
  }),
  output: z.object({ id: z.string() }),
  resourceTypes: ['Talkdesk::RecordList', 'Talkdesk::PhoneNumber'],
  resources: (input) => [recordList(input.recordListId), number(input.phone_number)],
  provenance: { arguments: { recordListId: 'target', phone_number: 'destination' } },
  effect: () => change('communicate', { external: true }),
  effectKinds: ['communicate'],
  repeat: once('POST /record-lists/{id}/records'),
  execute: httpExecution({
    request: ({ recordListId, phone_number, ...rest }) => ({
      method: 'POST',
      path: path`/record-lists/${recordListId}/records`,
      body: { phone_number, ...given(rest) },
    }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  undo: { none: 'The dialler may have called the number already.' },
  evidence: [
    doc('POST /record-lists/{id}/records, scope record-lists:manage'),
    mem('phone_number, first_name, last_name'),
  ],
});

export const outreachOperations = [getContact, callback, getCampaign, createCampaign, setCampaign, addRecord] as const;
