import { join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import { expect, test } from 'vitest';

const FILE = join(import.meta.dirname, '../../../src/surface/gateway/envoy/external_auth.proto');

/** As Envoy's published protos and google/rpc/status.proto number them, read apart from our file. */
const PUBLISHED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  CheckRequest: { attributes: 1 },
  AttributeContext: { request: 4 },
  'AttributeContext.Request': { http: 2 },
  'AttributeContext.HttpRequest': { method: 2, headers: 3, path: 4, body: 11, raw_body: 12 },
  CheckResponse: { status: 1, denied_response: 2, ok_response: 3 },
  DeniedHttpResponse: { status: 1, headers: 2, body: 3 },
  OkHttpResponse: { headers: 2, headers_to_remove: 5 },
  HttpStatus: { code: 1 },
  HeaderValueOption: { header: 1, append: 2 },
  HeaderValue: { key: 1, value: 2 },
  BoolValue: { value: 1 },
  Status: { code: 1, message: 2 },
};

interface Described {
  readonly type: { readonly field: readonly { readonly name: string; readonly number: number }[] };
}

test.each(Object.entries(PUBLISHED))('%s has the fields that are published, by number', (message, numbers) => {
  const definition = loadSync(FILE, { keepCase: true });
  const described = definition[`envoy.service.auth.v3.${message}`] as unknown as Described; // a message, as its format says
  expect(Object.fromEntries(described.type.field.map(({ name, number }) => [name, number]))).toEqual(numbers);
});
