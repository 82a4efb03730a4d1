import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SeenRequest } from '../../../src/action/request-shape.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { asInterlockError } from '../../../src/lib/errors.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { findRequest } from '../../../src/surface/gateway/find-request.ts';
import { acceptAll, sentCalls } from './accept-all.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DESCRIPTIONS = [
  { file: join(ROOT, 'docs/gateways/billing.openapi.yaml'), read: 20 },
  { file: join(ROOT, 'connectors/openapi/simulator/tasks.openapi.yaml'), read: 20 },
  { file: join(ROOT, '../shared/specs/kong/kong-admin-oss-3.9.yaml'), read: 300 },
];

/** As a gateway would see it. */
function seen({ method, path, query = {}, headers = {}, body, form }: HttpCall) {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  const text = form === undefined ? JSON.stringify(body) : new URLSearchParams(form).toString();
  const shown: SeenRequest['body'] = body === undefined && form === undefined ? 'none' : { text };
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    target: pairs.length === 0 ? path : `${path}?${pairs.join('&')}`,
    headers: { ...Object.fromEntries(lower), ...(shown === 'none' ? {} : { 'content-type': type }) },
    body: shown,
  };
}

/** No parameter at all is written in two ways. */
function withoutEmptyGroups(input: JsonObject): JsonObject {
  const isEmpty = (name: string): boolean => name !== 'body' && JSON.stringify(input[name]) === '{}';
  return Object.fromEntries(Object.entries(input).filter(([name]) => !isEmpty(name)));
}

function readAgain(gateway: Parameters<typeof findRequest>[0], call: HttpCall) {
  try {
    return findRequest(gateway, seen(call));
  } catch (thrown) {
    expect(['REQUEST_AMBIGUOUS', 'INVALID_INPUT']).toContain(asInterlockError(thrown).code);
    return undefined;
  }
}

test.each(DESCRIPTIONS)(
  'what is sent for an input of $file is read back as that input, or refused',
  async ({ file, read }) => {
    if (!existsSync(file)) {
      console.log(`${file} is not there: tested without it`);
      return;
    }
    const registry = await acceptAll(file);
    const gateway = { shapes: registry.requests('api'), pathPrefix: [] };
    let found = 0;
    for (const { operation, input, call } of await sentCalls(registry, 8)) {
      const request = readAgain(gateway, call);
      if (request === undefined) continue;
      found++;
      expect(request.operation).toBe(operation);
      // A form holds texts only; whether they are allowed is for the operation's schema to say.
      if (call.form === undefined)
        expect(registry.operation(operation).definition.input.parse(request.input)).toEqual(withoutEmptyGroups(input));
    }
    expect(found).toBeGreaterThan(read);
    await registry.close();
  },
);
