import type { YamlValue } from '../types.ts';
import type { Assignment } from './assign.ts';
import type { SchemaField } from './fields.ts';
import type { Column } from './structure.ts';

/** A value made of several columns. */
export interface Combined {
  readonly value: YamlValue;
  readonly columns: readonly Column[];
}

/**
 * Finds what files keep in several columns and payloads in one: first and last name, company or person, street and house
 * number. `nameOf`: how the mapping calls a column.
 */
export function combineColumns(
  field: SchemaField,
  assignment: Assignment,
  nameOf: (column: Column) => string,
): Combined | undefined {
  const { concept, role } = field.meaning;
  const own = assignment.matches.get(field)?.column;
  const find = (wanted: string): Column | undefined => findLeft(assignment, wanted, role);
  if (concept === 'name') return combineName(own, find, nameOf);
  const house = concept === 'street' && own !== undefined ? find('house') : undefined;
  return own === undefined || house === undefined
    ? undefined
    : { value: { $join: [nameOf(own), nameOf(house)] }, columns: [own, house] };
}

function combineName(
  own: Column | undefined,
  find: (concept: string) => Column | undefined,
  nameOf: (column: Column) => string,
): Combined | undefined {
  const company = own?.meaning.concept === 'company' ? undefined : find('company');
  const [first, last] = [find('firstName'), find('lastName')];
  const person = first !== undefined && last !== undefined ? [first, last] : undefined;
  const whole = own === undefined ? [] : [nameOf(own)];
  const joined: YamlValue[] = person === undefined ? whole : [{ $join: person.map(nameOf) }];
  const ways = [...(company === undefined ? [] : [nameOf(company)]), ...(own === undefined ? joined : whole)];
  const columns = [company, own, ...(own === undefined ? (person ?? []) : [])].filter((column) => column !== undefined);
  if (columns.length < 2 && company === undefined) return undefined;
  const [only] = ways;
  return { value: ways.length === 1 && only !== undefined ? only : { $first: ways }, columns };
}

/** A column with a meaning that nothing reads yet; one that says whose it is goes before one that does not. */
function findLeft({ left }: Assignment, concept: string, role: string | undefined): Column | undefined {
  const named = left.filter((column) => column.meaning.concept === concept);
  return (
    named.find((column) => column.meaning.role === role) ??
    (role === undefined || role === 'ship' ? named.find((column) => column.meaning.role === undefined) : undefined)
  );
}
