import { z } from 'zod';
import { ALL_TRAFFIC, change } from './effects.ts';
import { deleting, type Entity, making, reading } from './entity.ts';
import { tags } from './ids.ts';

/** Without `key`: Kong shows it to whoever may read, and nobody else has to see it. */
const output = z.object({
  id: z.string(),
  cert: z.string().nullish(),
  snis: z.array(z.string()).nullish(),
  tags: z.array(z.string()).nullish(),
});

const certificate: Entity<typeof output> = {
  noun: 'certificate',
  collection: 'certificates',
  type: 'Kong::Certificate',
  output,
  labels: ['security'],
};

/** Kong looks it up when it starts to use it [doc: secrets management]; so no key passes through here. */
const reference = z
  .string()
  .regex(/^\{vault:\/\/[A-Za-z0-9._/?=&-]{1,512}\}$/, 'a reference, as {vault://env/tls-key}');

const createCertificate = making(certificate, {
  description: 'Installs a certificate, and serves it for the names given.',
  input: z.strictObject({
    cert: z.string().startsWith('-----BEGIN CERTIFICATE-----').max(65_536),
    key: reference,
    snis: z.array(z.string().min(1).max(255)).max(100).optional(),
    tags: tags.optional(),
  }),
  body: ({ cert, key, snis, tags: marks }) => ({
    cert,
    key,
    ...(snis === undefined ? {} : { snis }),
    ...(marks === undefined ? {} : { tags: marks }),
  }),
  provenance: { arguments: { cert: 'credential', key: 'credential', snis: 'destination' } },
  effect: ({ snis }) =>
    change('privilege', { reversible: 'operation', external: true, count: snis === undefined ? 1 : ALL_TRAFFIC }),
  effectKinds: ['privilege'],
});

const deleteCertificate = deleting(certificate, {
  description: 'Removes a certificate: callers of its names cannot connect any more.',
  effect: () => change('delete', { external: true, count: ALL_TRAFFIC }),
  effectKinds: ['delete'],
  none: 'The key is not kept here, so it cannot be put back.',
});

export const certificateOperations = [...reading(certificate), createCertificate, deleteCertificate] as const;
