import { EntityRef, type PolicyEntity } from '../../../src/action/policy-port.ts';

/** A type in Cedar's JSON schema format, with names resolved (https://docs.cedarpolicy.com/schema/json-schema.html). */
export interface TypeJson {
  readonly type: string;
  readonly element?: TypeJson;
  readonly attributes?: Readonly<Record<string, TypeJson>>;
  readonly name?: string;
}
interface EntityTypeJson {
  readonly shape?: TypeJson;
  readonly tags?: TypeJson;
}
interface ActionJson {
  readonly memberOf?: readonly { readonly id: string; readonly type?: string }[];
  readonly appliesTo?: { readonly context?: TypeJson };
}
export type SchemaJson = Readonly<
  Record<
    string,
    {
      readonly commonTypes?: Readonly<Record<string, TypeJson>>;
      readonly entityTypes?: Readonly<Record<string, EntityTypeJson>>;
      readonly actions?: Readonly<Record<string, ActionJson>>;
    }
  >
>;

/** What a schema says of values and actions. Nothing of it is checked: it only tells how JSON is to be read. */
export class ResolvedSchema {
  readonly #commonTypes = new Map<string, TypeJson>();
  readonly #entityTypes = new Map<string, EntityTypeJson>();
  readonly #actions = new Map<string, { readonly entity: PolicyEntity; readonly context: TypeJson | undefined }>();

  constructor(schema: SchemaJson) {
    for (const [namespace, { commonTypes = {}, entityTypes = {}, actions = {} }] of Object.entries(schema)) {
      const named = (name: string) => (namespace === '' ? name : `${namespace}::${name}`);
      for (const [name, type] of Object.entries(commonTypes)) this.#commonTypes.set(named(name), type);
      for (const [name, type] of Object.entries(entityTypes)) this.#entityTypes.set(named(name), type);
      for (const [id, { memberOf = [], appliesTo }] of Object.entries(actions)) {
        const type = named('Action');
        const parents = memberOf.map((group) => new EntityRef(group.type ?? type, group.id));
        const action = { entity: { attributes: {}, parents }, context: appliesTo?.context };
        this.#actions.set(keyOf(type, id), action);
      }
    }
  }

  attributesOf(entityType: string): TypeJson | undefined {
    return this.#entityTypes.get(entityType)?.shape;
  }

  tagsOf(entityType: string): TypeJson | undefined {
    return this.#entityTypes.get(entityType)?.tags;
  }

  contextOf({ type, id }: EntityRef): TypeJson | undefined {
    return this.#actions.get(keyOf(type, id))?.context;
  }

  readonly action = ({ type, id }: EntityRef): PolicyEntity | undefined => this.#actions.get(keyOf(type, id))?.entity;

  /** Itself, or what a common type stands for. */
  resolved(type: TypeJson | undefined): TypeJson | undefined {
    const common = type && this.#commonTypes.get(type.type);
    return common === undefined ? type : this.resolved(common);
  }
}

function keyOf(type: string, id: string): string {
  return JSON.stringify([type, id]);
}
