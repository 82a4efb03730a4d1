import type { Check } from '../check.ts';

/** Stands in the list so that nobody takes its absence for a pass. */
export const enrichersCheck: Check = {
  name: 'enrichers',
  rule: 'an enricher that runs twice leaves what it leaves when it runs once',
  needs: 'declaration',
  run: async () => ({ notApplicable: 'connectors of this version declare no enrichers' }),
};
