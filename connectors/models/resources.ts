import type { ResourceRef } from '../../src/action/resource.ts';

export const RESOURCE_TYPES = {
  'Models::Model': {},
  'Models::Catalog': {},
  'Models::ToolCall': {},
  'Models::File': {},
  'Models::TrainingJob': {},
  'Models::AdminKey': {},
  'Models::Project': {},
} as const;

/** What is called, and what may be deleted. */
export const modelOf = (model: string) => [{ type: 'Models::Model', id: model }] as const;

/** A list: it shows what there is, and nothing of what was sent to it. */
export const catalogOf = (id: string) => [{ type: 'Models::Catalog', id }] as const;

/** What a model proposes to do. It is done only where the agent asks for it as an action, which is decided like any other. */
export function proposalOf(name: string, callId: string): ResourceRef {
  return { type: 'Models::ToolCall', id: `${name} ${callId}` };
}
