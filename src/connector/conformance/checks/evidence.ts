import type { Check } from '../check.ts';

const REASON = /\S.{14,}/;

/** What is known of the vendor says where it comes from. */
export const evidenceCheck: Check = {
  name: 'evidence',
  rule: 'every operation says where its facts come from, and why it cannot be taken back where it cannot',
  needs: 'declaration',
  async run({ operations }) {
    const problems = operations.flatMap((operation) => {
      const { name, evidence, description } = operation;
      const isRemembered = evidence.length > 0 && evidence.every(({ mark }) => mark === 'mem');
      const found = [
        ...(evidence.length === 0 ? [`${name}: no evidence`] : []),
        ...(evidence.some(({ source }) => source.trim() === '') ? [`${name}: evidence without a source`] : []),
        ...(isRemembered && !/unverified/i.test(description)
          ? [`${name}: rests on memory alone, and its description does not say "unverified"`]
          : []),
      ];
      if (operation.kind === 'read') return found;
      const { undo, repeat } = operation;
      if (typeof undo !== 'function' && !REASON.test(undo.none)) found.push(`${name}: no undo, and no reason for it`);
      if (repeat.evidence.source.trim() === '') found.push(`${name}: its repeat class has no evidence`);
      return found;
    });
    return { cases: operations.length, problems };
  },
};
