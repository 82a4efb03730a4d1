import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder of the calling test file's own, gone when its tests are over. */
export function temporaryFolder(): { readonly path: (name: string) => string } {
  const root = mkdtempSync(join(tmpdir(), 'interlock-log-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return { path: (name) => join(root, name) };
}
