import { describe, expect, test } from 'vitest';
import type { RequestShape } from '../../../src/action/request-shape.ts';
import { findRequest } from '../../../src/surface/gateway/find-request.ts';

const shape = (method: string, template: string): RequestShape => ({
  operation: `${method} ${template}`,
  method,
  segments: template.split('/').slice(1),
  inputOf: ({ path }) => ({ ...path }),
});

const find = (templates: readonly string[], target: string, method = 'GET') =>
  findRequest(
    { shapes: templates.map((template) => shape('GET', template)), pathPrefix: ['api'] },
    { method, target, headers: {}, body: 'none' },
  );

describe('the operation of a request', () => {
  test.each([
    [['/a/{x}', '/a/b'], '/api/a/b', 'GET /a/b', {}],
    [['/a/b', '/a/{x}'], '/api/a/c', 'GET /a/{x}', { x: 'c' }],
    [['/{x}/b', '/{x}/{y}'], '/api/1/b', 'GET /{x}/b', { x: '1' }],
    [['/'], '/api/a', undefined, {}],
    [['/a'], '/a', undefined, {}],
    [['/a'], '/api2/a', undefined, {}],
    [['/a'], '/api', undefined, {}],
    [['/a/{x}'], '/api/a', undefined, {}],
    [['/a/{x}'], '/api/a/b/c', undefined, {}],
    [['/a'], '/api/A', undefined, {}],
  ])('of %j, %s is %s', (templates, target, operation, input) => {
    if (operation === undefined)
      expect(() => find(templates, target)).toThrow(expect.objectContaining({ code: 'UNKNOWN_OPERATION' }));
    else expect(find(templates, target)).toEqual({ operation, input });
  });

  test('that fits two templates of which neither is the more concrete is refused', () => {
    const fitsTwo = () => find(['/a/{x}', '/{y}/b'], '/api/a/b');
    expect(fitsTwo).toThrow(expect.objectContaining({ code: 'REQUEST_AMBIGUOUS' }));
    expect(find(['/a/{x}', '/{y}/b', '/a/b'], '/api/a/b').operation).toBe('GET /a/b');
    expect(find(['/a/{x}', '/{y}/b'], '/api/a/c').operation).toBe('GET /a/{x}');
  });

  test('is known by its method as it stands', () => {
    for (const method of ['get', 'POST', 'HEAD', '', 'GET ', 'CONNECT'])
      expect(() => find(['/a'], '/api/a', method)).toThrow(expect.objectContaining({ code: 'UNKNOWN_OPERATION' }));
  });
});
