import { OWN_SYSTEM } from './names.ts';
import type { ResourceType } from './resource.ts';

/** Cedar's type of a fact's value. */
export type FactType = 'String' | 'Long' | 'Bool' | { readonly setOf: 'String' };
export type FactValue = string | number | boolean | readonly string[];

/** The kind of subject that is the user of a workflow; any other is a resource. */
export const USER_SUBJECT = 'user';

/** Whom or what a fact is about. */
export interface FactSubject {
  readonly type: typeof USER_SUBJECT | ResourceType;
  readonly id: string;
}

/** A fact that some system can be asked for, as policies know it. */
export interface FactDescriptor {
  /** As policies read it, e.g. `oktaUserStatus`: system and what the connector calls it. */
  readonly name: string;
  readonly system: string;
  readonly title: string;
  readonly type: FactType;
  /** The user of the workflow, or what an action of the same system touches, where it is of one of these types. */
  readonly about: typeof USER_SUBJECT | readonly ResourceType[];
}

/** What Interlock itself finds out, of records of any type. */
export type OwnFact = Omit<FactDescriptor, 'about'>;

/** One observation. Times in ms since 1970. */
export interface Fact {
  readonly fact: string;
  readonly subject: FactSubject;
  readonly value: FactValue;
  /** The system that said so. */
  readonly source: string;
  readonly observedAt: number;
  /** From then on it counts as not known. */
  readonly expiresAt: number;
  /**
   * Its place among the look-ups of this fact, where several processes look up: greater than that of any that began
   * before. Clocks of several machines cannot tell.
   */
  readonly fence?: number | undefined;
  /**
   * What the value says of the record: labels that it carries from now on, whatever later observations say. Whoever had
   * something of it in this workflow is exposed to them.
   */
  readonly labels?: readonly string[] | undefined;
}

/** Whether the look-up of `next` began no earlier than that of `known`, of the same subject. */
export function isAsLate(next: Fact, known: Fact): boolean {
  if (next.fence !== undefined && known.fence !== undefined) return next.fence >= known.fence;
  return next.observedAt >= known.observedAt;
}

export function factKey(name: string, { type, id }: FactSubject): string {
  return JSON.stringify([name, type, id]);
}

/** The system that an action is of, and what it touches there. */
export interface Touched {
  readonly system: string;
  readonly resources: readonly { readonly type: string; readonly id: string }[];
}

/**
 * What a fact of this kind would be about, for one action of a user; none: it has nothing to say of it. Two instances of
 * one connector have the same types, and each its own records of the same ids: a system knows nothing of another's.
 */
export function subjectsOf(
  { about, system }: Pick<FactDescriptor, 'about' | 'system'>,
  { user, ...touched }: Touched & { readonly user: string },
): readonly FactSubject[] {
  if (about === USER_SUBJECT) return [{ type: USER_SUBJECT, id: user }];
  if (!speaksOf(system, touched.system)) return [];
  return about.flatMap((type) =>
    touched.resources.flatMap((resource) => (resource.type === type ? [{ type, id: resource.id }] : [])),
  );
}

/** Whether what one system says of records can be about those that an action of another touches. */
export function speaksOf(system: string, acting: string): boolean {
  return system === acting || system === OWN_SYSTEM;
}
