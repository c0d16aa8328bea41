import { readText } from '../config/index.ts';
import { defaultLimits } from '../core/limits.ts';
import { parseYaml } from '../core/positioned-yaml.ts';
import { formats } from '../formats/index.ts';
import {
  runMappingTests,
  type InboundMapping,
  type MappingTestResult,
  type OutboundMapping,
} from '../mapping/index.ts';

/** Runs the tests a mapping carries. `file` is the name shown. */
export async function testMapping(
  mapping: InboundMapping | OutboundMapping,
  path: string,
  file: string,
): Promise<readonly MappingTestResult[]> {
  const yaml = parseYaml(readText(path) ?? '', file);
  return runMappingTests(mapping, { yaml, formats, limits: defaultLimits });
}
