import { testMapping } from '../../../src/app/mapping-tests.ts';
import type { InboundMapping } from '../../../src/mapping/index.ts';

/** A test of an example that is about what is refused, and what a person is told. */
export interface Mistake {
  /** What the test shows. */
  readonly name: string;
  /** Whether nothing but refusals is expected: then the page shows what is told instead of the test. */
  readonly isAlone: boolean;
  readonly told: readonly { readonly code: string; readonly place: string; readonly finding: string }[];
}

/** Lets the tests expect no issues: what then came unexpected is told in full. */
export async function mistakesOf(mapping: InboundMapping, path: string): Promise<readonly Mistake[]> {
  const { definition } = mapping;
  const wanted = definition.tests.filter(({ issues }) => Array.isArray(issues) && issues.length > 0);
  const tests = wanted.map(({ name = '', given = '', operation }) => ({
    name,
    given,
    ...(operation === undefined ? {} : { operation }),
  }));
  const results = await testMapping({ ...mapping, definition: { ...definition, tests } }, path, path);
  return results.map(({ name, difference = '' }, index) => ({
    name,
    isAlone: wanted[index]?.['expect'] === undefined,
    told: [...difference.matchAll(/^not expected: (\S+?)(?: at (.*?))?: (.*)$/gm)].map(
      ([, code = '', place = '', finding = '']) => ({ code, place, finding }),
    ),
  }));
}
