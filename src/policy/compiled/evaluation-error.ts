/** A policy that cannot be evaluated on this request, e.g. a missing attribute, a wrong type or an overflow. Only this policy fails. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}
