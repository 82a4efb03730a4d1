import { EFFECT_KINDS } from '../../action/effect.ts';
import type { EnvironmentIndex } from './environment-index.ts';

type Names = ReadonlySet<string> | undefined;

/** Groups that operations of any system can be in: what is true of those here need not be true of all. */
const GENERAL: ReadonlySet<string> = new Set(['tool', 'data', 'model', 'write', ...EFFECT_KINDS]);

/** Whether every action of a head with these names is one of a head with those; not named: any action. */
export function areActionsWithin(names: Names, others: Names, index: EnvironmentIndex): boolean {
  if (others === undefined) return true;
  if (names === undefined) return false;
  return [...names].every((name) => {
    if (others.has(name)) return true;
    if (GENERAL.has(name)) return others.has('write') && isWriting(name);
    return index
      .within(new Set([name]))
      .every((environment) => [...environment.names].some((each) => others.has(each)));
  });
}

function isWriting(group: string): boolean {
  return group !== 'read' && (EFFECT_KINDS as readonly string[]).includes(group);
}

/** Whether some action can be in both, as far as one can know. */
export function canActionsMeet(names: Names, others: Names, index: EnvironmentIndex): boolean {
  if (names === undefined || others === undefined) return true;
  return index.within(names).some((environment) => [...environment.names].some((each) => others.has(each)));
}
