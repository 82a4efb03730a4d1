import type { FailureClass } from '../../src/connector/contract.ts';

type Meaning = readonly [means: FailureClass, name: string];

/** RFC 4511 §4.1.9 and appendix A; RFC 4528 for 122. The others are known by nobody. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  // An error inside the server: appendix A.2 says nothing of whether the work was done.
  1: ['ambiguous', 'operationsError'],
  2: ['refused', 'protocolError'],
  3: ['ambiguous', 'timeLimitExceeded'],
  4: ['refused', 'sizeLimitExceeded'],
  7: ['credential', 'authMethodNotSupported'],
  8: ['credential', 'strongerAuthRequired'],
  11: ['refused', 'adminLimitExceeded'],
  12: ['refused', 'unavailableCriticalExtension'],
  13: ['refused', 'confidentialityRequired'],
  14: ['credential', 'saslBindInProgress'],
  16: ['refused', 'noSuchAttribute'],
  17: ['refused', 'undefinedAttributeType'],
  18: ['refused', 'inappropriateMatching'],
  19: ['refused', 'constraintViolation'],
  20: ['refused', 'attributeOrValueExists'],
  21: ['refused', 'invalidAttributeSyntax'],
  32: ['refused', 'noSuchObject'],
  33: ['refused', 'aliasProblem'],
  34: ['refused', 'invalidDNSyntax'],
  35: ['refused', 'isLeaf'],
  36: ['refused', 'aliasDereferencingProblem'],
  48: ['credential', 'inappropriateAuthentication'],
  49: ['credential', 'invalidCredentials'],
  50: ['refused', 'insufficientAccessRights'],
  51: ['rate-limited', 'busy'],
  52: ['unavailable', 'unavailable'],
  53: ['refused', 'unwillingToPerform'],
  54: ['refused', 'loopDetect'],
  64: ['refused', 'namingViolation'],
  65: ['refused', 'objectClassViolation'],
  66: ['refused', 'notAllowedOnNonLeaf'],
  67: ['refused', 'notAllowedOnRDN'],
  68: ['refused', 'entryAlreadyExists'],
  69: ['refused', 'objectClassModsProhibited'],
  70: ['refused', 'resultsTooLarge'],
  // A part of it may have been done by one of the servers.
  71: ['ambiguous', 'affectsMultipleDSAs'],
  80: ['ambiguous', 'other'],
  122: ['refused', 'assertionFailed'],
};

export const SUCCESS = 0;
export const REFERRAL = 10;
export const NO_SUCH_OBJECT = 32;
export const SIZE_LIMIT_EXCEEDED = 4;

export interface CodeFailure {
  readonly class: FailureClass | 'origin';
  readonly detail: string;
}

/** What a result code means; undefined for success. Total: what nobody foresaw may have had its effect. */
export function failureOfCode(code: number, message: string): CodeFailure | undefined {
  if (code === SUCCESS) return undefined;
  if (code === REFERRAL)
    return { class: 'origin', detail: 'The directory refers to another server (10), where nobody goes.' };
  const [means, name] = MEANINGS[code] ?? ['ambiguous', 'a code that nobody knows'];
  const words = message === '' ? '' : `: ${message}`;
  return { class: means, detail: `The directory answered ${name} (${code})${words}` };
}
