import { z } from 'zod';

/** Where traces go. Metrics are asked for at /metrics, and need no setting. */
export const telemetrySettings = z.strictObject({
  otlp: z.strictObject({
    /** Of a collector that takes OTLP over HTTP, with its path: `http://127.0.0.1:4318/v1/traces`. */
    endpoint: z.url({ protocol: /^https?$/ }).refine(hasNoCredential, 'a collector is named without a credential'),
    /** The part of all traces that is sent; a caller's word on it is not asked. */
    share: z.number().min(0).max(1).default(1),
  }),
});

export type TelemetrySettings = z.output<typeof telemetrySettings>;

function hasNoCredential(endpoint: string): boolean {
  const { username, password, search } = new URL(endpoint);
  return username === '' && password === '' && search === '';
}
