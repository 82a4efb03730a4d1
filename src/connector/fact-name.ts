import type { FactDescriptor } from '../action/fact.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Enricher } from './contract.ts';

const CAMEL = /^[a-z][A-Za-z0-9]{0,39}$/;

/** The fact as policies know it. Throws CONNECTOR_INVALID for a name that is no camelCase word. */
export function factDescriptor(system: string, { name, title, type, about }: Enricher): FactDescriptor {
  if (!CAMEL.test(name))
    throw new InterlockError('CONNECTOR_INVALID', `${system}: "${name}" is no name for a fact: one camelCase word`);
  return { name: factName(system, name), system, title, type, about };
}

function factName(system: string, name: string): string {
  const camel = system.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return camel + name.charAt(0).toUpperCase() + name.slice(1);
}
