import { createReadStream } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure, systemCode } from '../core/failure.ts';
import type { Issue } from '../core/issue.ts';
import { isError } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import { defaultLimits } from '../core/limits.ts';
import { formats } from '../formats/index.ts';
import { createControlCheck, isBlank } from '../inbound/index.ts';
import type { BoundMapping, Explanation, InboundMapping, SourceRecord } from '../mapping/index.ts';
import type { Project } from './project.ts';

/** Names of the files by part, and what was read of them. */
interface ReadFiles {
  readonly names: Map<string, string>;
  readonly headers: Map<string, { columns: readonly string[]; line: number }>;
  readonly records: SourceRecord[];
  readonly controls: ReturnType<typeof createControlCheck>;
  isRefused: boolean;
}

/** Groups of a file's records, ready to be built. A dry run is for trying out: it holds the file in memory. */
export async function readGroups(
  mapping: InboundMapping,
  path: string,
  onIssue: (issue: Issue) => void,
): Promise<{ bound: BoundMapping; groups: readonly (readonly SourceRecord[])[] } | undefined> {
  const companions = mapping.companions(basename(path));
  if (companions === undefined)
    throw new Failure('bad-usage', `${basename(path)} does not fit read.name of the mapping`);
  const controls = createControlCheck(mapping.definition.controls, basename(path));
  const files: ReadFiles = { names: new Map(), headers: new Map(), records: [], controls, isRefused: false };
  const paths = new Map([
    ['', path],
    ...[...companions].map(([part, name]) => [part, join(dirname(path), name)] as const),
  ]);
  for (const [part, file] of paths) {
    try {
      await readPart(mapping, part, file, files, onIssue);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      throw new Failure('bad-usage', `cannot read ${file} (${systemCode(error)})`, { cause: error });
    }
  }
  if (files.isRefused) return undefined;
  const { bound, issues } = mapping.bind(files.headers, files.names);
  issues.forEach(onIssue);
  if (bound === undefined || issues.some(isError)) return undefined;
  const groups = new Map<string, SourceRecord[]>();
  for (const source of files.records) {
    const group = bound.group(source.part, source.record);
    const rows = groups.get(group) ?? [];
    rows.push(source);
    groups.set(group, rows);
  }
  const findings = files.controls.findings(groups.size);
  findings.forEach(onIssue);
  if (findings.length > 0) return undefined;
  return { bound, groups: [...groups.values()] };
}

async function readPart(
  mapping: InboundMapping,
  part: string,
  path: string,
  files: ReadFiles,
  onIssue: (issue: Issue) => void,
): Promise<void> {
  const { read } = mapping.definition;
  const options = part === '' ? read.options : (read.with[part]?.options ?? read.options);
  const file = basename(path);
  files.names.set(part, file);
  for await (const event of formats
    .get(read.format)
    ?.read(createReadStream(path), options, { file, limits: defaultLimits }) ?? []) {
    if (event.kind === 'header') files.headers.set(part, event);
    else if (event.kind === 'records') {
      // What a run passes over is no document here either.
      const rows = event.records.filter((record) => !isBlank(record));
      const own = part === '' ? files.controls.pass(rows) : rows;
      files.records.push(...own.map((record) => ({ part, record })));
    } else onIssue(event.issue);
    if (event.kind === 'refused') files.isRefused = true;
  }
}

export async function explainDocument(
  bound: BoundMapping,
  groups: readonly (readonly SourceRecord[])[],
  key: string,
): Promise<readonly Explanation[] | undefined> {
  for (const group of groups) {
    if ((await bound.build(group)).key === key) return bound.explain(group);
  }
  return undefined;
}

/** The schema a mapping is for: that of the operation its flow submits to, or of the one that is named. */
export function schemaFor(
  project: Project,
  mappingFile: string,
  named: { provider?: string; operation?: string },
): JsonSchema | undefined {
  return findOperation(project, mappingFile, named)?.schema;
}

function findOperation(project: Project, mappingFile: string, named: { provider?: string; operation?: string }) {
  const { config, definitions } = project;
  if (named.operation !== undefined) {
    const provider =
      named.provider ??
      [...definitions.keys()].find((name) => definitions.get(name)?.operations.has(named.operation ?? ''));
    const operation = definitions.get(provider ?? '')?.operations.get(named.operation);
    if (operation === undefined)
      throw new Failure('bad-usage', `no provider of the configuration has the operation ${named.operation}`);
    return operation;
  }
  const flow = [...config.inbound.values()].find(({ mapping }) => mapping === resolve(mappingFile));
  return definitions.get(flow?.provider ?? '')?.operations.get(flow?.operation ?? '');
}
