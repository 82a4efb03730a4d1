import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';

/** [sdk] `{ error_code, message }`. */
export function refuse(status: number, error_code: string, message: string): SimulatorResponse {
  return { status, body: { error_code, message } };
}

export const absent = (what: string): SimulatorResponse =>
  refuse(404, 'RESOURCE_DOES_NOT_EXIST', `${what} does not exist.`);
export const invalid = (message: string): SimulatorResponse => refuse(400, 'INVALID_PARAMETER_VALUE', message);
