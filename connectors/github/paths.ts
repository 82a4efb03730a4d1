import { path } from '../../src/connector/http/path.ts';
import type { InRepo } from './ids.ts';

export const repoPath = ({ owner, repo }: InRepo): string => path`/repos/${owner}/${repo}`;

/** Each segment is encoded for itself, so slashes stay slashes and nothing else becomes one. */
export function segments(value: string): string {
  return value
    .split('/')
    .map((segment) => path`/${segment}`)
    .join('');
}
