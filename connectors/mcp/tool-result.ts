import { z } from 'zod';

const text = z.object({ type: z.literal('text'), text: z.string() });
const media = z.object({ type: z.enum(['image', 'audio']), data: z.string(), mimeType: z.string() });
const link = z.object({
  type: z.literal('resource_link'),
  uri: z.string(),
  name: z.string(),
  description: z.string().optional(),
  mimeType: z.string().optional(),
});
const embedded = z.object({
  type: z.literal('resource'),
  resource: z.object({
    uri: z.string(),
    mimeType: z.string().optional(),
    text: z.string().optional(),
    blob: z.string().optional(),
  }),
});

/** What a tool answers; blocks of a kind that we do not know make the result unexpected. */
export const toolResult = z.object({
  content: z.array(z.discriminatedUnion('type', [text, media, link, embedded])),
  structuredContent: z.record(z.string(), z.json()).optional(),
});

export type ToolResult = z.output<typeof toolResult>;
