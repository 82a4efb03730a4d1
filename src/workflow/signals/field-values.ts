import type { SignalField } from '../../action/signal.ts';
import { bounded, type Occurrence, type Scalar, scalarsAt } from './occurrence.ts';

/** The values of a field, none where it is absent; several for a list, several resources, or several approvers. */
export function fieldValues(occurrence: Occurrence, field: SignalField): readonly Scalar[] {
  switch (field.of) {
    case 'input':
      return scalarsAt(occurrence.input, field.path);
    case 'resource':
      return occurrence.resources.map(({ type, id }) => bounded(`${type} ${id}`));
    case 'resource.id':
      return occurrence.resources.map(({ id }) => bounded(id));
    case 'approver':
      return occurrence.approvers;
    case 'user':
    case 'agent':
    case 'session':
    case 'workflow':
    case 'operation':
    case 'at':
      return [occurrence[field.of]];
    case 'effect.kind':
      return some(occurrence.effect?.kind);
    case 'effect.count':
      return some(occurrence.effect?.count);
    case 'effect.amount':
      return some(occurrence.effect?.amount?.minorUnits);
    case 'effect.currency':
      return some(occurrence.effect?.amount?.currency);
    default:
      return field satisfies never;
  }
}

function some(value: Scalar | undefined): readonly Scalar[] {
  return value === undefined ? [] : [value];
}
