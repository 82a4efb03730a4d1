import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const FILES = globSync('{src,connectors}/**/*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.d.ts'));

/** DESIGN §11: what a folder may import, besides itself. Siblings do not know each other. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/lib': [],
  'src/action': ['src/lib'],
  'src/connector': ['src/lib', 'src/action'],
  'src/workflow': ['src/lib', 'src/action'],
  'src/policy': ['src/lib', 'src/action'],
  'src/gate': ['src/lib', 'src/action', 'src/connector', 'src/workflow', 'src/policy'],
  'src/ledger': ['src/lib', 'src/action', 'src/workflow'],
  'src/enrich': ['src/lib', 'src/action', 'src/connector', 'src/workflow', 'src/policy'],
  'src/surface': ['src/lib', 'src/action', 'src/gate'],
  'src/runtime': [
    'src/lib',
    'src/action',
    'src/connector',
    'src/workflow',
    'src/policy',
    'src/gate',
    'src/ledger',
    'src/enrich',
    'src/surface',
  ],
  'src/index.ts': ['src/lib', 'src/action', 'src/connector', 'src/gate', 'src/runtime'],
  connectors: ['src/lib', 'src/action', 'src/connector'],
};

const SPECIFIER = /^(?:import|export)\s[^;]*?from\s+'(\.[^']+)'|^import\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gms;

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(SPECIFIER)].map((match) =>
    normalize(join(dirname(file), match[1] ?? match[2] ?? match[3] ?? '')),
  );
}

function roomOf(file: string): string {
  if (file === 'src/index.ts') return file;
  return file.startsWith('src/') ? file.split('/').slice(0, 2).join('/') : 'connectors';
}

const GRAPH = new Map(FILES.map((file) => [file, importsOf(file)]));

function findCycle(): readonly string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const next of GRAPH.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of FILES) {
    const cycle = visit(file);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe('the structure', () => {
  test('is read at all: every import leads to a file that exists', () => {
    expect(FILES.length).toBeGreaterThan(100);
    const lost = [...GRAPH].flatMap(([file, imports]) =>
      imports.filter((to) => !GRAPH.has(to)).map((to) => `${file} → ${to}`),
    );
    expect(lost).toEqual([]);
  });

  test('imports point one way', () => {
    const wrong = [...GRAPH].flatMap(([file, imports]) => {
      const room = roomOf(file);
      const allowed = MAY_IMPORT[room] ?? [];
      return imports
        .filter((to) => roomOf(to) !== room && !allowed.includes(roomOf(to)))
        .map((to) => `${file} → ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  test('connectors never import each other, surfaces neither', () => {
    const wrong = [...GRAPH].flatMap(([file, imports]) => {
      const folder = /^(connectors\/[^/]+|src\/surface\/[^/]+)\//.exec(file)?.[1];
      if (folder === undefined) return [];
      return imports
        .filter((to) => /^(connectors|src\/surface)\//.test(to) && !to.startsWith(`${folder}/`))
        .map((to) => `${file} → ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  test('has no import cycles', () => {
    expect(findCycle()).toBeUndefined();
  });

  test('names no vendor, demo or test under src/', () => {
    const names = /servicenow|\bokta\b|workday|salesforce|crowdstrike|onboarding\.|\/test\//i;
    const wrong = FILES.filter((file) => file.startsWith('src/')).flatMap((file) => {
      // What a comment or a description gives as an example is no knowledge of it.
      const code = readFileSync(join(ROOT, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
      return names.test(code) ? [relative('.', file)] : [];
    });
    expect(wrong).toEqual([]);
  });

  test('only the runtime reads the environment', () => {
    const wrong = FILES.filter(
      (file) => !file.startsWith('src/runtime/') && /process\.env\b/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  test('keeps files short, and free of any, of non-null assertions and of what is not finished', () => {
    const wrong = FILES.flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const lines = text.split('\n').length;
      const findings = [
        ...(lines > 400 ? [`${lines} lines`] : []),
        ...(/\bas any\b|@ts-ignore|@ts-expect-error/.test(text) ? ['a cast to any or an ignored error'] : []),
        ...(/\b(TODO|FIXME|XXX)\b/.test(text) ? ['unfinished'] : []),
      ];
      return findings.map((finding) => `${file}: ${finding}`);
    });
    expect(wrong).toEqual([]);
  });
});
