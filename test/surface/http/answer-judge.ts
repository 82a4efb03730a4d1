import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { request } from './harness.ts';

interface Description {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Answered> }>>;
}

interface Answered {
  readonly content?: Record<string, unknown>;
}

export interface AnswerJudge {
  readonly description: Description;
  /** Fails unless the answer is one that the description announces for this operation. */
  check(method: string, path: string, response: LightMyRequestResponse): void;
  /** The operations whose answers were checked, as `GET /v1/workflows`. */
  readonly checked: ReadonlySet<string>;
}

/** Judges answers by the server's own OpenAPI description with an independent JSON Schema validator. */
export async function answerJudge(app: FastifyInstance): Promise<AnswerJudge> {
  const description = (await app.inject(request('GET', '/openapi.json'))).json<Description>();
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema(description, 'api');
  const checked = new Set<string>();
  return {
    description,
    checked,
    check(method, path, response) {
      const { responses } = description.paths[path]?.[method.toLowerCase()] ?? {};
      const status = responses?.[response.statusCode] === undefined ? 'default' : String(response.statusCode);
      const { content = {} } = responses?.[status] ?? {};
      const sent = String(response.headers['content-type'] ?? '');
      // The charset says nothing about JSON (RFC 8259 §11); elsewhere it belongs to the description.
      const mediaType = sent.replace(/(json); charset=utf-8$/, '$1');
      expect(Object.keys(content), `${method} ${path} ${response.statusCode}`).toEqual(
        mediaType === '' ? [] : [mediaType],
      );
      checked.add(`${method} ${path}`);
      if (mediaType === '') return;
      const pointer = ['paths', path, method.toLowerCase(), 'responses', status, 'content', mediaType, 'schema'];
      const escaped = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
      const validate = ajv.getSchema(`api#/${escaped.join('/')}`);
      const body: unknown = mediaType.includes('json') ? response.json() : response.body;
      expect(validate?.(body), JSON.stringify(validate?.errors)).toBe(true);
    },
  };
}
