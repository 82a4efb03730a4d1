import type { Org } from './confined-connection.ts';
import type { SalesforceSettings } from './settings.ts';

/** What operations are made of: the org they speak to, and what the operator says of its objects. */
export interface OperationsFor extends Pick<SalesforceSettings, 'dataObjects' | 'markerFields'> {
  readonly org: Org;
}
