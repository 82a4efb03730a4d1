import type { Check } from './check.ts';
import { descriptorCheck } from './checks/descriptor.ts';
import { effectsCheck } from './checks/effects.ts';
import { enrichersCheck } from './checks/enrichers.ts';
import { errorMapCheck } from './checks/error-map.ts';
import { evidenceCheck } from './checks/evidence.ts';
import { lostAnswersCheck } from './checks/lost-answers.ts';
import { noWeakerEffectCheck } from './checks/no-weaker-effect.ts';
import { originLockCheck } from './checks/origin-lock.ts';
import { paginationCheck } from './checks/pagination.ts';
import { rateLimitsCheck } from './checks/rate-limits.ts';
import { redactionCheck } from './checks/redaction.ts';
import { samplesCheck } from './checks/samples.ts';
import { schemasCheck } from './checks/schemas.ts';
import { undoCheck } from './checks/undo.ts';

/** What a connector is held to without a gateway. */
export const CHECKS: readonly Check[] = [
  schemasCheck,
  samplesCheck,
  effectsCheck,
  noWeakerEffectCheck,
  evidenceCheck,
  redactionCheck,
  originLockCheck,
  paginationCheck,
  rateLimitsCheck,
  lostAnswersCheck,
  errorMapCheck,
  undoCheck,
  descriptorCheck,
  enrichersCheck,
];
