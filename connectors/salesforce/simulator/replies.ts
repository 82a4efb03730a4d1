import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { Json } from '../../../src/lib/json.ts';

/** Salesforce refuses with a list of errors [doc, rec]. */
export function refuse(
  status: number,
  errorCode: string,
  message: string,
  fields?: readonly string[],
): SimulatorResponse {
  return { status, body: [{ message, errorCode, ...(fields && { fields: [...fields] }) }] };
}

export const notFound = () => refuse(404, 'NOT_FOUND', 'The requested resource does not exist');
export const ok = (body: Json): SimulatorResponse => ({ status: 200, body });
export const created = (id: string): SimulatorResponse => ({ status: 201, body: { id, success: true, errors: [] } });
export const done = (): SimulatorResponse => ({ status: 204 });
export const isRefused = ({ status }: SimulatorResponse) => status >= 400;
