import { z } from 'zod';
import { writeOperation } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { EVIDENCE } from './evidence.ts';
import { recordRefs } from './resources.ts';
import { apiCall } from './table-call.ts';
import { columnName, resultOf, storedValue, sysId } from './table-record.ts';
import { text, textLength } from './ticket.ts';

const MOST_ITEMS = 100;
const MOST_VARIABLES = 50;

const variables = z
  .record(columnName, text)
  .refine((record) => Object.keys(record).length <= MOST_VARIABLES, `at most ${MOST_VARIABLES} variables`);

/** An instance with a two-step checkout only fills a cart, and then nothing is ordered. */
function orderOf(reply: HttpReply): JsonObject {
  const result = resultOf(reply.body);
  const requestId = storedValue(result['request_id']);
  if (requestId !== '')
    return { ordered: true, request_id: requestId, request_number: storedValue(result['request_number']) };
  const cartId = storedValue(result['cart_id']);
  if (cartId === '') throw new TypeError('the reply names neither a request nor a cart');
  return { ordered: false, cart_id: cartId };
}

const order = writeOperation({
  name: 'servicenow.catalog.order',
  description: 'Orders an item of the catalog: money may be spent, access or equipment provided.',
  input: z.strictObject({
    item: sysId,
    quantity: z.int().min(1).max(MOST_ITEMS),
    requested_for: sysId.describe('the user who gets it; otherwise the connector’s own').optional(),
    variables: variables.optional(),
  }),
  output: z.object({
    ordered: z.boolean(),
    request_id: z.string().optional(),
    request_number: z.string().optional(),
    cart_id: z.string().optional(),
  }),
  facets: {
    schema: z.object({ variable_names: z.array(z.string()), text_length: z.int() }),
    of: (input) => ({
      variable_names: Object.keys(input.variables ?? {}),
      text_length: textLength(input.variables ?? {}),
    }),
  },
  resourceTypes: ['ServiceNow::CatalogItem', 'ServiceNow::User'],
  resources: ({ item, requested_for }) => [
    { type: 'ServiceNow::CatalogItem', id: item, attributes: { table: 'sc_cat_item' } },
    ...(requested_for === undefined
      ? []
      : [{ type: 'ServiceNow::User' as const, id: requested_for, attributes: { table: 'sys_user' } }]),
  ],
  effect: ({ quantity }) => ({ kind: 'spend', reversible: 'no', external: false, privileged: false, count: quantity }),
  effectKinds: ['spend'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.catalogOrder },
  touched: ({ request_id }) => (request_id === undefined ? [] : recordRefs('sc_request', request_id)),
  execute: httpExecution({
    request: ({ item, quantity, requested_for, variables: values }, { actionId }) =>
      apiCall({
        method: 'POST',
        path: path`/api/sn_sc/servicecatalog/items/${item}/order_now`,
        body: {
          sysparm_quantity: quantity,
          ...(requested_for === undefined ? {} : { sysparm_requested_for: requested_for }),
          ...(values === undefined ? {} : { variables: values }),
        },
        actionId,
      }),
    repeatable: false,
    result: orderOf,
  }),
  // No probe: an order takes no mark, and two equal orders are two orders.
  undo: { none: 'An order starts its fulfilment at once; only the people who fulfil it can stop it.' },
  evidence: [
    EVIDENCE.catalogOrder,
    { mark: '3rd', source: 'sysparm_requested_for: community answers, not in a published description' },
  ],
});

export const catalogOperations = [order];
