import { z } from 'zod';
import { type ExecutionResult, writeOperation } from '../../../src/connector/contract.ts';
import type { Change } from '../codec.ts';
import { doc, mem, SAME_VALUES } from '../evidence.ts';
import { unchanged } from '../filter.ts';
import { type Entry, heldOf, valuesOf } from '../read.ts';
import { change, nameOf, type Scope, user, userName } from '../scope.ts';
import { isDone, readBack, readThenWrite } from '../settle.ts';

/** How one kind of server says that an account is disabled. */
interface Lock {
  readonly attribute: string;
  /** Undefined: the entry does not say. */
  readonly isDisabled: (values: readonly string[]) => boolean | undefined;
  /** What the attribute is set to; no values remove it. */
  readonly values: (isDisabled: boolean, held: readonly string[]) => readonly string[];
}

/** The bit of `userAccountControl` that disables an account. */
const ACCOUNT_DISABLE = 2;

const LOCKS: Readonly<Record<Scope['server'], Lock>> = {
  openldap: {
    attribute: 'pwdAccountLockedTime',
    // A time is that of a lock by too many attempts; until an administrator takes it away this is as good as disabled.
    isDisabled: (values) => values.length > 0,
    values: (isDisabled) => (isDisabled ? ['000001010000Z'] : []),
  },
  '389ds': {
    attribute: 'nsAccountLock',
    isDisabled: ([value]) => value?.toLowerCase() === 'true',
    values: (isDisabled) => (isDisabled ? ['true'] : []),
  },
  'active-directory': {
    attribute: 'userAccountControl',
    isDisabled: ([value]) => (value === undefined ? undefined : (Number(value) & ACCOUNT_DISABLE) !== 0),
    values: (isDisabled, [value]) => {
      const flags = Number(value) & ~ACCOUNT_DISABLE;
      return [String(isDisabled ? flags | ACCOUNT_DISABLE : flags)];
    },
  },
};

const EVIDENCE = [
  doc('slapo-ppolicy(5): pwdAccountLockedTime 000001010000Z locks until an administrator takes it away'),
  mem('389 Directory Server: nsAccountLock true'),
  mem('Active Directory: bit 2 of userAccountControl'),
];

const VERBS = {
  disable: {
    isDisabled: true,
    kind: 'isolate',
    undo: 'ldap.user.enable',
    description: 'Disables an account: it cannot sign in. What it signed in to before may go on.',
  },
  enable: {
    isDisabled: false,
    kind: 'privilege',
    undo: 'ldap.user.disable',
    description: 'Enables an account: it can sign in again, with every right that it has.',
  },
} as const;

const UNSAID: ExecutionResult = {
  status: 'failed',
  code: 'EXECUTION_FAILED',
  detail: 'The entry does not say whether the account is disabled, or this credential may not see it.',
  exposed: false,
};

/** Undefined where the entry does not say. */
export function isDisabled({ server }: Scope, found: Entry): boolean | undefined {
  const { attribute, isDisabled: says } = LOCKS[server];
  return says(valuesOf(found, attribute));
}

export const lockAttribute = ({ server }: Scope): string => LOCKS[server].attribute;

function setLock(scope: Scope, verb: keyof typeof VERBS) {
  const wanted = VERBS[verb];
  const { attribute, values } = LOCKS[scope.server];
  return writeOperation({
    name: `ldap.user.${verb}`,
    description: wanted.description,
    input: z.strictObject({ dn: userName(scope) }),
    output: z.object({ changed: z.boolean().optional() }),
    resourceTypes: ['Ldap::User'],
    resources: ({ dn }) => [user(dn)],
    effect: () => change(wanted.kind),
    effectKinds: [wanted.kind],
    repeat: SAME_VALUES,
    provenance: { arguments: { dn: 'target' } },
    execute: ({ dn }, context) =>
      readThenWrite({
        scope,
        name: nameOf(dn),
        attributes: [attribute],
        context,
        plan: (found) => {
          const now = isDisabled(scope, found);
          if (now === undefined) return UNSAID;
          if (now === wanted.isDisabled) return { result: { changed: false } };
          const before = heldOf(found, [attribute]);
          const changes: readonly Change[] = [
            { operation: 'replace', attribute, values: values(wanted.isDisabled, valuesOf(found, attribute)) },
          ];
          return {
            write: { kind: 'modify', name: nameOf(dn), changes, assert: unchanged(before) },
            result: { changed: true },
          };
        },
      }),
    probe: ({ dn }, context) =>
      readBack(
        scope,
        {
          name: nameOf(dn),
          attributes: [attribute],
          judge: (found) => {
            const now = found === undefined ? undefined : isDisabled(scope, found);
            if (now === undefined) return { status: 'undetermined', detail: 'The entry does not say.' };
            return isDone(now === wanted.isDisabled, {});
          },
        },
        context,
      ),
    undo: ({ dn }, result) =>
      z.object({ changed: z.literal(true) }).safeParse(result).success
        ? { operation: wanted.undo, input: { dn } }
        : undefined,
    evidence: EVIDENCE,
  });
}

export const lockOperations = (scope: Scope) => [setLock(scope, 'disable'), setLock(scope, 'enable')];
