import { z } from 'zod';

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,99})$/;

export const owner = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, 'the login of a user or an organisation');
export const repo = z.string().regex(NAME, 'the name of a repository, without its owner');
export const login = owner;
/** A branch or tag with slashes, as git takes it. */
export const branch = z
  .string()
  .max(250)
  .regex(/^(?!.*(?:\.\.|\/\/|@\{|\.lock$|\/$))[A-Za-z0-9_][A-Za-z0-9._/@+-]*$/, 'the name of a branch');
export const sha = z.string().regex(/^[0-9a-f]{40}$/, 'a commit or blob, 40 hexadecimal digits');
export const number = z.int().min(1).max(2_147_483_647);
/** Of a file in the repository: no empty, `.` or `..` segment. */
export const filePath = z
  .string()
  .max(1_024)
  .regex(
    /^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)(?!.*\/$)[\p{L}\p{N} ._@+()[\]/-]+$/u,
    'a path inside the repository',
  );

export const inRepo = { owner, repo };

export interface InRepo {
  readonly owner: string;
  readonly repo: string;
}
