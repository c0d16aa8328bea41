import { basename, dirname, join, resolve } from 'node:path';
import type { InboundConfig } from '../config/index.ts';
import { Failure, systemCode } from '../core/failure.ts';
import { isError, type Issue } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import { defaultLimits } from '../core/limits.ts';
import type { DataRecord } from '../core/record.ts';
import { formats } from '../formats/index.ts';
import { isBlank } from '../inbound/index.ts';
import {
  createControlCheck,
  groupRecords,
  type BoundMapping,
  type BuiltDocument,
  type Explanation,
  type InboundMapping,
  type LookUps,
  type SourceRecord,
} from '../mapping/index.ts';
import { fileBytes } from './file-bytes.ts';
import type { Purpose } from './load-mapping.ts';
import type { Project } from './project.ts';
import { purposeOf } from './purpose.ts';

/** Names of the files by part, and what was read of them. */
interface ReadFiles {
  readonly names: Map<string, string>;
  readonly headers: Map<string, { columns: readonly string[]; line: number }>;
  readonly lookUps: LookUps;
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
  const names = new Map<string, string>();
  const controls = createControlCheck(mapping.definition, (part) => names.get(part) ?? '');
  const lookUps = mapping.lookUps();
  const files: ReadFiles = { names, headers: new Map(), lookUps, records: [], controls, isRefused: false };
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
  const { bound, issues } = mapping.bind(files.headers, files.names, lookUps);
  issues.forEach(onIssue);
  if (bound === undefined || issues.some(isError)) return undefined;
  const groups = groupRecords(bound, files.records);
  const findings = files.controls.findings(groups.length);
  findings.forEach(onIssue);
  if (findings.some(isError)) return undefined;
  return { bound, groups };
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
  for await (const event of formats.get(read.format)?.read(fileBytes(path), options, { file, limits: defaultLimits }) ??
    []) {
    if (event.kind === 'header') {
      files.headers.set(mapping.headerName(part, event.type), event);
      files.controls.header(part, event, event.type);
      files.lookUps.header(part, event);
    } else if (event.kind === 'records') noteRecords(event.records, part, files, onIssue);
    else onIssue(event.issue);
    if (event.kind === 'refused') files.isRefused = true;
  }
}

function noteRecords(
  records: readonly DataRecord[],
  part: string,
  files: ReadFiles,
  onIssue: (issue: Issue) => void,
): void {
  if (files.lookUps.has(part)) {
    const issue = files.lookUps.add(part, records, files.names.get(part) ?? '');
    if (issue === undefined) return;
    onIssue(issue);
    files.isRefused = true;
    return;
  }
  // What a run passes over is no document here either.
  const rows = files.controls.pass(
    records.filter((record) => !isBlank(record)),
    part,
  );
  files.records.push(...rows.map((record) => ({ part, record })));
}

/** Where every value of the documents with a key came from; an order and its cancellation have the same key. */
export async function explainDocuments(
  bound: BoundMapping,
  groups: readonly (readonly SourceRecord[])[],
  key: string,
): Promise<readonly { document: BuiltDocument; explanations: readonly Explanation[] }[]> {
  const found: { document: BuiltDocument; explanations: readonly Explanation[] }[] = [];
  for (const group of groups) {
    const document = await bound.build(group);
    if (document.key === key) found.push({ document, explanations: await bound.explain(group) });
  }
  return found;
}

/** What else is known of what a mapping is for. */
export function purposeFor(
  project: Project,
  mappingFile: string,
  named: { provider?: string; operation?: string },
): Purpose {
  if (named.operation !== undefined) return { operation: named.operation };
  const flow = findFlow(project, mappingFile);
  const definition = project.definitions.get(flow?.provider ?? '');
  return flow === undefined || definition === undefined ? {} : purposeOf(flow, definition);
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
  const { definitions } = project;
  if (named.operation !== undefined) {
    const provider =
      named.provider ??
      [...definitions.keys()].find((name) => definitions.get(name)?.operations.has(named.operation ?? ''));
    const operation = definitions.get(provider ?? '')?.operations.get(named.operation);
    if (operation === undefined)
      throw new Failure('bad-usage', `no provider of the configuration has the operation ${named.operation}`);
    return operation;
  }
  const flow = findFlow(project, mappingFile);
  return definitions.get(flow?.provider ?? '')?.operations.get(flow?.operation ?? '');
}

function findFlow({ config }: Project, mappingFile: string): InboundConfig | undefined {
  return [...config.inbound.values()].find(({ mapping }) => mapping === resolve(mappingFile));
}
