import { z } from 'zod';

/** Opaque: UUIDs mostly, and names of built-in things as `wc-id-1`. */
export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/, 'an id, as Wiz shows it');
export const name = z.string().min(1).max(256);
export const cursor = z.string().min(1).max(2_048);
export const ISSUE_STATUSES = ['OPEN', 'IN_PROGRESS', 'RESOLVED', 'REJECTED'] as const;
