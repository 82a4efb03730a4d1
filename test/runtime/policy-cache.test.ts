import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { type Digest, sha256 } from '../../src/lib/digest.ts';
import { loadPolicySet } from '../../src/policy/load-policy-set.ts';
import type { PolicySetCache } from '../../src/policy/sets/policy-set-cache.ts';
import { decodePolicies } from '../../src/policy/sets/stored-policies.ts';
import { openPolicyCache } from '../../src/runtime/policy-cache.ts';
import { catalog } from '../policy/catalog.ts';
import { file, PERMIT_ALL, question } from '../policy/question.ts';
import { newDirectory } from '../support/test-gateway.ts';

const POLICIES = `${PERMIT_ALL}
@id("ask") @title("Ask.") @severity("high") @unless("redact(result.ssn) and limit(input.id, 3) and approval(security, within: 5m) and fact(risk, maxAge: 5m) and delay(60s)")
forbid(principal, action in Action::"delete", resource);`;

/** A cache in a folder of its own, and what was asked of it. */
function cacheIn(directory = newDirectory(), versions = ['1']) {
  const place = join(directory, 'sets');
  const asked: string[] = [];
  const warnings: string[] = [];
  const opened = openPolicyCache({
    directory: place,
    keys: join(directory, 'keys'),
    versions,
    warn: (message, cause) => warnings.push(`${message}: ${cause instanceof Error ? cause.message : ''}`),
  });
  const cache: PolicySetCache = {
    versions,
    read: (key) => {
      const found = opened.read(key);
      asked.push(found === undefined ? 'missed' : 'found');
      return found;
    },
    write: (key, text) => {
      asked.push('written');
      return opened.write(key, text);
    },
  };
  return { cache, asked, warnings, directory, place, kept: () => readdirSync(place) };
}

const load = (cache: PolicySetCache, text = POLICIES) => loadPolicySet({ files: [file(text)], catalog, cache });

describe('checked policies', () => {
  test('are kept, and decide and describe themselves as they did when they were checked', async () => {
    const { cache, asked, warnings } = cacheIn();
    const [checked, kept] = [await load(cache), await load(cache)];
    expect(asked).toEqual(['missed', 'written', 'found']);
    expect(kept.hash).toBe(checked.hash);
    expect(kept.policies).toEqual(checked.policies);
    expect(kept.reference).toEqual(checked.reference);
    for (const operation of ['desk.ticket.get', 'desk.ticket.delete'])
      expect(kept.evaluator.evaluate(question(operation))).toEqual(checked.evaluator.evaluate(question(operation)));
    expect(warnings).toEqual([]);
  });

  test.for([
    ['a policy', { text: `${POLICIES} ` }],
    ['the name of a file', { name: 'other.cedar' }],
    ['the catalog', { catalog: { ...catalog, labels: [] } }],
    ['a version', { versions: ['2'] }],
  ] as const)('are checked again when %s changes', async ([, changed]) => {
    const { cache, asked } = cacheIn();
    await load(cache);
    const {
      text = POLICIES,
      name = 'test.cedar',
      versions = ['1'],
      catalog: other = catalog,
    } = { text: undefined, name: undefined, versions: undefined, catalog: undefined, ...changed };
    await loadPolicySet({ files: [{ name, text }], catalog: other, cache: { ...cache, versions } });
    expect(asked).toEqual(['missed', 'written', 'missed', 'written']);
  });

  test('that are not valid are not kept, and valid ones never stand in for them', async () => {
    const { cache, kept } = cacheIn();
    await load(cache);
    await expect(load(cache, POLICIES.replace('delete', 'delette'))).rejects.toMatchObject({ code: 'POLICY_INVALID' });
    expect(kept().length).toBe(1);
  });

  test('are compared again with what operations answer, which is no part of the schema', async () => {
    const { cache, asked } = cacheIn();
    await load(cache);
    const operations = catalog.operations.map((each) => ({ ...each, output: each.input }));
    await expect(
      loadPolicySet({ files: [file(POLICIES)], catalog: { ...catalog, operations }, cache }),
    ).rejects.toMatchObject({ message: expect.stringContaining('no operation in its scope has result.ssn') });
    expect(asked.at(-1)).toBe('found');
  });
});

describe('a kept file', () => {
  const damage: readonly (readonly [string, (content: string) => string | Buffer])[] = [
    ['is empty', () => ''],
    ['is cut short', (content) => content.slice(0, -1)],
    ['is longer than it was', (content) => `${content} `],
    ['has one letter changed', (content) => content.replace('"forbid"', '"permit"')],
    ['has another signature', (content) => content.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))],
    ['has no signature', (content) => content.slice(content.indexOf('\n') + 1)],
    ['is no text', () => Buffer.from([0xff, 0xfe, 0, 10, 0xff])],
  ];

  test.for(damage)('that %s is not used, and written anew', async ([, change]) => {
    const { cache, asked, warnings, place, kept } = cacheIn();
    const { hash } = await load(cache);
    const path = join(place, kept()[0] ?? '');
    const content = readFileSync(path, 'utf8');
    writeFileSync(path, change(content));
    expect((await load(cache)).hash).toBe(hash);
    expect(asked).toEqual(['missed', 'written', 'missed', 'written']);
    expect(warnings).toEqual([expect.stringContaining('a kept policy set cannot be used')]);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  test('of another set, under its name, is not used', async () => {
    const { cache, asked, place, kept } = cacheIn();
    await load(cache);
    const [one = ''] = kept();
    await load(cache, PERMIT_ALL);
    const other = kept().find((name) => name !== one) ?? '';
    copyFileSync(join(place, other), join(place, one));
    const set = await load(cache);
    expect([...set.policies.keys()]).toEqual(['permit-all', 'ask']);
    expect(asked.slice(-2)).toEqual(['missed', 'written']);
  });

  test('of a gateway with another key is not used', async () => {
    const [ours, theirs] = [cacheIn(), cacheIn()];
    await load(ours.cache);
    await load(theirs.cache);
    const [name = ''] = ours.kept();
    copyFileSync(join(theirs.place, name), join(ours.place, name));
    await load(ours.cache);
    expect(ours.asked.slice(-2)).toEqual(['missed', 'written']);
  });

  test('can be read by its owner only', async () => {
    const { cache, place, kept } = cacheIn();
    await load(cache);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(kept().map((name) => statSync(join(place, name)).mode & 0o777)).toEqual([0o600]);
  });
});

describe('the folder of kept files', () => {
  const key = (at: number): Digest => sha256(String(at));

  test('has the newest few, and nothing unfinished', async () => {
    const { cache, place, kept } = cacheIn();
    mkdirSync(place);
    writeFileSync(join(place, `x.policies.unfinished`), 'x');
    utimesSync(join(place, 'x.policies.unfinished'), 1, 1);
    for (let at = 0; at < BOUNDS.keptPolicySets + 3; at++) {
      await cache.write(key(at), 'x');
      for (const name of kept())
        utimesSync(join(place, name), 1 + at, 1 + at + Number(name.startsWith(key(at).slice(7))));
    }
    expect(kept().length).toBe(BOUNDS.keptPolicySets);
    expect(cache.read(key(BOUNDS.keptPolicySets + 2))).toBe('x');
  });

  test('that cannot be written makes a start slower, and stops nothing', async () => {
    const { cache, asked, warnings, directory, place } = cacheIn();
    writeFileSync(place, 'a file');
    chmodSync(directory, 0o500);
    expect((await load(cache)).policies.size).toBe(2);
    expect((await load(cache)).policies.size).toBe(2);
    chmodSync(directory, 0o700);
    expect(asked).toEqual(['missed', 'written', 'missed', 'written']);
    expect(warnings).toContainEqual(expect.stringContaining('the checked policies cannot be kept'));
  });
});

describe('what was kept', () => {
  const header = '{"format":1,"policies":1}';
  const parts = {
    description: { id: 'p', effect: 'permit', title: 'x', unless: [] as object[], place: 'f:1' },
    statement: { file: 'f', line: 1, text: 'permit(principal, action, resource);' },
    json: {
      effect: 'permit',
      principal: { op: 'All' },
      action: { op: 'All' },
      resource: { op: 'All' },
      conditions: [],
    },
  };
  const lines = (change: object, first = header): string => `${first}\n${JSON.stringify({ ...parts, ...change })}`;

  test('is taken in exactly the form in which it was written', async () => {
    expect(await decodePolicies(lines({}))).toEqual([parts]);
  });

  test.for([
    ['nothing', ''],
    ['no JSON', `${header}\n{`],
    ['another format', lines({}, '{"format":0,"policies":1}')],
    ['fewer policies than there were', lines({}, '{"format":1,"policies":2}')],
    ['more policies than there were', `${lines({})}\n${JSON.stringify(parts)}`],
    ['more than we write', lines({ more: 1 })],
    ['no description', lines({ description: undefined })],
    ['an obligation nobody knows', lines({ description: { ...parts.description, unless: [{ kind: 'allow' }] } })],
    ['no conditions', lines({ json: { effect: 'permit' } })],
  ] as const)('is nothing where it holds %s', async ([, text]) => {
    expect(await decodePolicies(text)).toBeUndefined();
  });
});
