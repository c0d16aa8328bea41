import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import { compileMapping, parseMapping, type OutboundMapping } from '../../../src/mapping/index.ts';

function compile(text: string): { mapping?: ReturnType<typeof compileMapping>['mapping']; issues: readonly Issue[] } {
  const { definition, yaml, issues } = parseMapping(text, 'm.yaml', formats);
  if (definition === undefined) return { issues };
  const compiled = compileMapping(definition, yaml, { tables: new Map(), limits: defaultLimits });
  return { ...compiled, issues: [...issues, ...compiled.issues] };
}

/** What is found in a mapping, with the formats there are. */
export function codesOf(text: string): string[] {
  return compile(text).issues.map(({ code }) => code);
}

export function outbound(text: string): OutboundMapping {
  const { mapping, issues } = compile(text);
  if (mapping?.kind !== 'outbound') throw new Error(issues.map(describeIssue).join('\n'));
  return mapping;
}
