import { z } from 'zod';

/** An id of the provider's own: one segment of a path. */
export const vendorId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'an id is letters, digits, - and _');

/** Items of one page. */
export const pageSize = z.int().min(1).max(100).default(20);
