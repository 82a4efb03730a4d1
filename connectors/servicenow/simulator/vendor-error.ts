import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';

export type VendorError = SimulatorResponse;

/** ServiceNow's error body [doc: c_RESTAPI.md]. */
export function vendorError(
  status: number,
  message: string,
  detail: string | null,
  headers: Readonly<Record<string, string>> = {},
): VendorError {
  return { status, headers, body: { error: { message, detail }, status: 'failure' } };
}
