import type { EntityRef } from '../../action/policy-port.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { addTo, RefMap } from './ref-map.ts';

/** Policies whose scopes say the same of the action. */
interface ActionGroup {
  readonly index: number;
  readonly policies: CompiledPolicy[];
}

/** What an action is to the policies: two actions that no policy tells apart have the same groups. */
export interface ActionClass {
  readonly key: string;
  readonly groups: readonly ActionGroup[];
}

/** Finds the policies whose scope an action satisfies, by what it is and what it is in. */
export class ActionGroups {
  readonly #always: ActionGroup[] = [];
  readonly #equals = new RefMap<ActionGroup[]>();
  readonly #within = new RefMap<ActionGroup[]>();

  constructor(policies: readonly CompiledPolicy[]) {
    const groups = new Map<string, ActionGroup>();
    for (const policy of policies) {
      const key = JSON.stringify(policy.action);
      const known = groups.get(key);
      if (known !== undefined) known.policies.push(policy);
      else {
        const group = { index: groups.size, policies: [policy] };
        groups.set(key, group);
        this.#place(group, policy);
      }
    }
  }

  #place(group: ActionGroup, { action: { equals, within } }: CompiledPolicy): void {
    if (equals !== undefined) addTo(this.#equals, equals, group);
    else if (within === undefined) this.#always.push(group);
    else for (const ref of within) addTo(this.#within, ref, group);
  }

  /** `ancestors`: everything that the action is in. */
  classOf(action: EntityRef, ancestors: readonly EntityRef[]): ActionClass {
    const found = new Set<ActionGroup>(this.#always);
    for (const group of this.#equals.get(action) ?? []) found.add(group);
    for (const ref of [action, ...ancestors]) for (const group of this.#within.get(ref) ?? []) found.add(group);
    const groups = [...found].sort((a, b) => a.index - b.index);
    return { key: groups.map(({ index }) => index).join(), groups };
  }
}
