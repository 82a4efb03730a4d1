import type { OwnFact } from '../action/fact.ts';
import { TEXT_CLASSES_FACT } from '../enrich/classify/text-classes.ts';
import type { Config } from './config.ts';

/** What this configuration lets Interlock itself find out. */
export function ownFactsOf({ enrich }: Pick<Config, 'enrich'>): readonly OwnFact[] {
  return enrich.classify ? [TEXT_CLASSES_FACT] : [];
}
