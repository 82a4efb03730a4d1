import type { Check } from '../../connector/conformance/check.ts';
import { CHECKS } from '../../connector/conformance/checks.ts';
import { gateCheck } from './gate-check.ts';

/** Everything that a connector is held to. */
export const ALL_CHECKS: readonly Check[] = [...CHECKS, gateCheck];
