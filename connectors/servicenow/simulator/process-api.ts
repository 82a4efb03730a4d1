import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { insertRow, updateRow } from './business-rules.ts';
import { presentChange } from './present-record.ts';
import { correlationIn, valuesOf } from './table-api.ts';
import type { Tables, Writer } from './tables.ts';
import { vendorError } from './vendor-error.ts';

/** `POST /api/sn_chg_rest/change/emergency` [doc: change-management-api.md]. */
export function createEmergencyChange(tables: Tables, request: SimulatorRequest, writer: Writer): SimulatorResponse {
  const values = valuesOf(request);
  if (values === undefined) return vendorError(400, 'Bad Request', 'Invalid request body');
  const written = insertRow(tables, { table: 'change_request', values: { ...values, type: 'emergency' } }, writer);
  if ('refusal' in written) return written.refusal;
  writer.world.audit(
    'change_request.create-emergency',
    `change_request/${written.row['sys_id']}`,
    correlationIn(request),
  );
  return { status: 200, body: { result: { ...presentChange(tables, written.row), __meta: { ignoredFields: [] } } } };
}

/** `PATCH /api/sn_chg_rest/change/{sys_id}/approvals`: the caller's own approval record is answered. */
export function answerChangeApproval(
  tables: Tables,
  { request, sysId }: { readonly request: SimulatorRequest; readonly sysId: string },
  writer: Writer,
): SimulatorResponse {
  const { state = '', comments = '' } = valuesOf(request) ?? {};
  const approver = tables.find('sys_user', { user_name: writer.by })?.['sys_id'] ?? '';
  const approval = tables.find('sysapproval_approver', { sysapproval: sysId, approver, state: 'requested' });
  const isAnswer = state === 'approved' || (state === 'rejected' && comments !== '');
  if (approval === undefined || !isAnswer)
    return vendorError(400, 'Bad Request', 'User does not have the authority to approve or reject this change request');
  updateRow(
    tables,
    { table: 'sysapproval_approver', sysId: approval['sys_id'] ?? '', values: { state, comments } },
    writer,
  );
  writer.world.audit(`change_request.${state}`, `change_request/${sysId}`, correlationIn(request));
  return { status: 200, body: { result: [presentChange(tables, tables.get('change_request', sysId) ?? {})] } };
}

/** `POST /api/sn_sc/servicecatalog/items/{sys_id}/order_now` [rec]. */
export function orderItem(
  tables: Tables,
  { request, sysId }: { readonly request: SimulatorRequest; readonly sysId: string },
  writer: Writer,
): SimulatorResponse {
  const item = tables.get('sc_cat_item', sysId);
  if (item === undefined) return vendorError(400, 'Security constraints prevent ordering of Item', null);
  const body = isJsonObject(request.body) ? request.body : {};
  const quantity = Number(body['sysparm_quantity']);
  if (!Number.isInteger(quantity) || quantity < 1) return vendorError(400, 'Invalid quantity value', null);
  const values = {
    short_description: `Order of ${item['name']}`,
    item: sysId,
    quantity: String(quantity),
    requested_for: String(body['sysparm_requested_for'] ?? ''),
    variables: JSON.stringify(body['variables'] ?? {}),
  };
  const written = insertRow(tables, { table: 'sc_request', values }, writer);
  if ('refusal' in written) return written.refusal;
  const { sys_id = '', number = '' } = written.row;
  writer.world.audit('catalog.order', `sc_request/${sys_id}`, correlationIn(request));
  return {
    status: 200,
    body: { result: { sys_id, number, request_number: number, request_id: sys_id, table: 'sc_request' } },
  };
}
