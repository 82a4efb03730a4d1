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

interface Message {
  readonly name: string;
  readonly field: readonly { readonly name: string; readonly number: number }[];
  readonly nestedType: readonly Message[];
}

test.each(Object.entries(PUBLISHED))('%s has the fields that are published, by number', (name, numbers) => {
  const [outer = '', inner] = name.split('.');
  const loaded = loadSync(FILE, { keepCase: true })[`envoy.service.auth.v3.${outer}`];
  const { type } = loaded as unknown as { readonly type: Message }; // what is no service here is a message
  const message = inner === undefined ? type : type.nestedType.find((nested) => nested.name === inner);
  const found = message?.field.map((field) => [field.name, field.number] as const) ?? [];
  expect(Object.fromEntries(found)).toEqual(numbers);
});
