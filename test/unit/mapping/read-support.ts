import { describeConfigIssue, describeIssue } from '../../../src/core/issue.ts';
import { defaultLimits, type Limits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import {
  compileMapping,
  groupRecords,
  parseMapping,
  type BoundMapping,
  type BuiltDocument,
  type CompileContext,
  type InboundMapping,
  type SourceRecord,
} from '../../../src/mapping/index.ts';
import { readGiven } from '../../../src/mapping/testing/read-given.ts';
import type { YamlValue } from '../../../src/mapping/types.ts';

type Context = Partial<Pick<CompileContext, 'schema' | 'operation' | 'purposes' | 'tables'>> & {
  readonly limits?: Partial<Limits>;
};

/** A mapping of a real format. */
export function realMapping(text: string, { limits, ...context }: Context = {}): InboundMapping {
  const { definition, yaml, issues } = parseMapping(text, 'm.yaml', formats);
  if (definition === undefined) throw new Error(issues.map(describeConfigIssue).join('\n'));
  const compiled = compileMapping(definition, yaml, {
    tables: new Map(),
    ...context,
    limits: { ...defaultLimits, ...limits },
  });
  if (compiled.mapping?.kind !== 'inbound') throw new Error(compiled.issues.map(describeConfigIssue).join('\n'));
  return compiled.mapping;
}

/** What is wrong with the mapping itself: `line:character code what`. */
export function mistakes(text: string, context: Context = {}): string[] {
  const { definition, yaml, issues } = parseMapping(text, 'm.yaml', formats);
  if (definition === undefined) return issues.map(told);
  const { limits, ...rest } = context;
  const all = compileMapping(definition, yaml, {
    tables: new Map(),
    ...rest,
    limits: { ...defaultLimits, ...limits },
  });
  return [...issues, ...all.issues].map(told);
}

function told(issue: BuiltDocument['issues'][number]): string {
  return `${issue.where.line}:${issue.where.character} ${issue.severity === 'error' ? '' : `${issue.severity} `}${issue.code} ${issue.what}`;
}

export interface ReadDrop {
  readonly bound: BoundMapping;
  readonly groups: readonly (readonly SourceRecord[])[];
  readonly documents: readonly BuiltDocument[];
}

/** Every document of a drop, read by the mapping's own format. */
export async function readDrop(
  mapping: InboundMapping,
  given: YamlValue,
  limits: Partial<Limits> = {},
): Promise<ReadDrop> {
  const format = formats.get(mapping.definition.read.format);
  if (format === undefined) throw new Error('no such format');
  const read = await readGiven(mapping, given, format, { ...defaultLimits, ...limits });
  if (read.isRefused) throw new Error(read.issues.map(describeIssue).join('\n'));
  const { bound, issues } = mapping.bind(read.headers, read.files, read.lookUps);
  if (bound === undefined) throw new Error(issues.map(describeIssue).join('\n'));
  const groups = groupRecords(bound, read.records);
  return { bound, groups, documents: await Promise.all(groups.map(async (group) => bound.build(group))) };
}

/** Key and payload of each document, or its findings. */
export async function summary(mapping: InboundMapping, given: YamlValue): Promise<string[]> {
  const { documents } = await readDrop(mapping, given);
  return documents.map(({ key, payload, issues }) =>
    payload === undefined
      ? `${key}: ${issues.map(({ code, where }) => `${where.line}:${where.column ?? '-'} ${code}`).join(', ')}`
      : `${key} ${JSON.stringify(payload)}`,
  );
}
