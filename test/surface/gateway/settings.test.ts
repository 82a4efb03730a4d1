import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doctor } from '../../../src/runtime/doctor.ts';
import { EXAMPLES, SECRETS, startAskedInterlock } from './asked-interlock.ts';

const WRONG: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
  ['whose system is not there', { system: 'other' }, /other is no connector that knows/],
  ['whose secret stands in the file', { secret: 'm'.repeat(40) }, /mesh.secret is a secret/],
  ['whose secret is short', { secret: 'env:SHORT' }, /less than 32 characters/],
  ['whose secret is missing', { secret: 'env:NOBODY' }, /env:NOBODY is not set/],
  ['whose prefix ends in a slash', { pathPrefix: '/api/' }, /plain segments/],
  ['whose prefix has a dot segment', { pathPrefix: '/a/..' }, /no dot segments/],
  ['of another kind', { kind: 'apache' }, /kind/],
  ['with a field that nobody knows', { colour: 'red' }, /colour/],
  ['whose port is taken by nobody’s right', { listen: { host: '203.0.113.1', port: 1 } }, /cannot be listened on/],
];
test.each(WRONG)('a gateway %s does not start', async (_what, mesh, why) => {
  await expect(startAskedInterlock(mesh)).rejects.toThrow(why);
});

test('the doctor looks at gateways', async () => {
  const patient = { file: join(EXAMPLES, 'interlock.yaml'), directory: EXAMPLES };
  const found = await doctor({ ...patient, environment: SECRETS });
  expect(found.find(({ check }) => check === 'gateways')).toEqual({
    check: 'gateways',
    ok: true,
    detail: 'edge (nginx) for 7 operations of billing, mesh (envoy) for 7 operations of billing',
  });
  const without = await doctor({ ...patient, environment: { EDGE_SECRET: SECRETS.EDGE_SECRET } });
  expect(without.find(({ check }) => check === 'gateways')).toMatchObject({ ok: false });
});
