import type { Check } from '../check.ts';
import { descriptorOf } from '../descriptor.ts';
import { incompatibilities } from '../incompatibilities.ts';

/** Policies, manifests and agents of yesterday go on working. */
export const descriptorCheck: Check = {
  name: 'descriptor',
  rule: 'whoever relied on the last descriptor still can',
  needs: 'declaration',
  async run(subject) {
    const descriptor = descriptorOf(subject);
    const { lastDescriptor } = subject;
    const cases = descriptor.operations.length;
    if (lastDescriptor === undefined)
      return { cases, problems: [], notes: ['there is no descriptor.json before this one to compare with'] };
    return { cases, problems: incompatibilities(lastDescriptor, descriptor) };
  },
};
