import type { FreezeScope } from '../action/event.ts';
import type { FreezesView } from '../action/view.ts';

/** What is frozen in a tenant. */
export class Freezes implements FreezesView {
  tenant = false;
  readonly agents = new Set<string>();
  readonly systems = new Set<string>();

  set(scope: FreezeScope, frozen: boolean): void {
    if (scope.kind === 'tenant') this.tenant = frozen;
    else {
      const names = scope.kind === 'agent' ? this.agents : this.systems;
      if (frozen) names.add(scope.id);
      else names.delete(scope.id);
    }
  }
}
