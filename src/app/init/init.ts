import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, parse as parsePath, relative, resolve } from 'node:path';
import process from 'node:process';
import { stringify } from 'yaml';
import { Failure, isFailure, systemCode } from '../../core/failure.ts';
import { describeConfigIssue, describeIssue, isError } from '../../core/issue.ts';
import type { JsonSchema } from '../../core/json.ts';
import { defaultLimits } from '../../core/limits.ts';
import { suggestionText } from '../../core/shape.ts';
import { formats } from '../../formats/index.ts';
import {
  compileMapping,
  openQuestions,
  parseMapping,
  proposeMapping,
  runMappingTests,
  writeProposal,
  type MappingTestResult,
  type Proposal,
  type YamlValue,
} from '../../mapping/index.ts';
import type { Project } from '../project.ts';
import { flowText, slugOf } from './flow-text.ts';
import { firstDocument } from './given.ts';
import { inspectFile, type Inspection } from './inspect.ts';
import { keptConstants } from './kept.ts';
import { readLines } from './read-lines.ts';

export interface InitRequest {
  readonly file: string;
  readonly provider: string;
  readonly operation: string;
  /** Where to write; a place beside the configuration when left out. */
  readonly out?: string;
}

export interface InitResult {
  readonly inspection: Inspection;
  /** The file that was written. */
  readonly mapping: string;
  readonly proposal: Proposal;
  readonly questions: ReturnType<typeof openQuestions>;
  readonly flow: ReturnType<typeof flowText>;
  readonly submit: { readonly provider: string; readonly operation: string };
  /** What became of the first document of the file. */
  readonly first: MappingTestResult['actual'];
}

/**
 * Proposes a mapping for an unseen file and writes it, never over another file.
 * @throws Failure bad-usage when the provider, the operation or the file cannot be used.
 */
export async function initMapping(project: Project, request: InitRequest): Promise<InitResult> {
  const schema = schemaOf(project, request);
  const mapping = targetOf(project, request);
  const inspection = await inspectFile(request.file);
  const proposal = propose(project, request, schema, inspection);
  const draft = writeProposal(proposal, readLines(inspection.detection), introduction(inspection, request, mapping));
  const given = await firstOf(inspection, proposal);
  const { text, first } =
    given === undefined ? { text: draft, first: undefined } : await withTest(draft, given, schema, request);
  await checkDraft(text, schema, request.operation);
  await writeNew(mapping, text);
  const submit = { provider: request.provider, operation: request.operation };
  const flow = flowText(project.config, request.file, mapping, submit);
  return { inspection, mapping, proposal, questions: openQuestions(proposal), flow, submit, first };
}

function schemaOf({ definitions }: Project, { provider, operation }: InitRequest): JsonSchema {
  const definition = definitions.get(provider);
  if (definition === undefined) {
    const hint = suggestionText(provider, [...definitions.keys()]);
    throw new Failure('bad-usage', `the configuration has no provider "${provider}". ${hint}`.trim());
  }
  const found = definition.operations.get(operation);
  if (found === undefined) {
    const hint = suggestionText(operation, [...definition.operations.keys()]);
    throw new Failure('bad-usage', `provider ${provider} has no operation "${operation}". ${hint}`.trim());
  }
  if (found.schema === undefined) {
    throw new Failure('bad-usage', `operation ${operation} of ${provider} sends no body, so there is nothing to map`);
  }
  return found.schema;
}

function targetOf({ config }: Project, { out, file, provider }: InitRequest): string {
  return out === undefined
    ? join(config.directory, 'mappings', provider, `${slugOf(parsePath(file).name)}.yaml`)
    : resolve(out);
}

function propose(project: Project, request: InitRequest, schema: JsonSchema, inspection: Inspection): Proposal {
  const { file, provider, operation } = request;
  const [problem] = inspection.issues.filter(isError);
  if (inspection.isRefused) {
    throw new Failure('bad-usage', `${file} cannot be read: ${problem === undefined ? '' : describeIssue(problem)}`);
  }
  if (inspection.types.size > 0) {
    const names = [...inspection.types.keys()].join(', ');
    const advice = 'dray check FILE says how to read them; docs/mapping.md shows how such records become documents';
    throw new Failure(
      'bad-usage',
      `${file} mixes kinds of records (${names}), which is too much to propose: ${advice}`,
    );
  }
  const kept = keptConstants(project, provider, operation);
  const proposal = proposeMapping({
    profile: inspection.profile,
    isTable: inspection.format?.shape === 'table',
    type: operation.replace(/\.[^.]*$/, ''),
    schema,
    summary: `${basename(file)} becomes ${provider} ${operation}`,
    ...(kept === undefined ? {} : { kept }),
  });
  if (proposal === undefined || inspection.records === 0) {
    throw new Failure('bad-usage', `${file} holds no records, so there is nothing to propose; take a file with some`);
  }
  return proposal;
}

function introduction({ file }: Inspection, { provider, operation }: InitRequest, mapping: string): readonly string[] {
  const path = relative(process.cwd(), mapping);
  return [
    `Proposed by dray init from ${file} for ${provider} ${operation}. Settle every line that says "TODO" or "sure?", then`,
    `  npx dray test --accept ${path} --provider ${provider} --operation ${operation}`,
    'writes what the first document of the file becomes into the test below. The test holds data of that file as it came.',
  ];
}

function firstOf(inspection: Inspection, proposal: Proposal): Promise<YamlValue | undefined> {
  const { bytes, format, detection, file } = inspection;
  if (format === undefined) return Promise.resolve(undefined);
  const { key, isGrouped } = proposal.document;
  const source = { bytes, format, options: detection.options, context: { file, limits: defaultLimits } };
  return firstDocument(source, proposal.aliases.get(key) ?? key, isGrouped);
}

/** The draft with a test of the first document, and what came of it. */
async function withTest(
  draft: string,
  given: YamlValue,
  schema: JsonSchema,
  { operation }: InitRequest,
): Promise<{ text: string; first: MappingTestResult['actual'] }> {
  const name = 'the first document of the file';
  const write = (expected: object): string =>
    draft + stringify({ tests: [{ name, given, ...expected }] }, { lineWidth: 0, singleQuote: true });
  const { mapping, context } = compileText(write({}), schema, operation);
  const first = mapping === undefined ? undefined : (await runMappingTests(mapping, context))[0]?.actual;
  if (first === undefined) return { text: write({ issues: [] }), first };
  const { expect, issues } = first;
  // What the payload holds is told by the text of its numbers, which YAML would not keep.
  const plain: unknown = JSON.parse(JSON.stringify(expect));
  const text = write(issues.length > 0 ? { issues } : { expect: plain });
  return { text, first };
}

function compileText(text: string, schema: JsonSchema, operation: string) {
  const { definition, yaml, issues } = parseMapping(text, 'proposal', formats);
  const context = { yaml, formats, limits: defaultLimits };
  if (definition === undefined) return { mapping: undefined, issues, context };
  const compiled = compileMapping(definition, yaml, { schema, operation, tables: new Map(), limits: defaultLimits });
  return { mapping: compiled.mapping, issues: [...issues, ...compiled.issues], context };
}

/** What is written must be sound: a proposal that is not would be a bug here, and is not handed on as work. */
async function checkDraft(text: string, schema: JsonSchema, operation: string): Promise<void> {
  const { mapping, issues } = compileText(text, schema, operation);
  const [first] = issues.filter(isError);
  if (mapping !== undefined && first === undefined) return;
  const told = first === undefined ? '' : `: ${describeConfigIssue(first)}`;
  throw new Failure('bad-config', `the proposal for this file would not be sound, so nothing was written${told}`);
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (isFailure(error)) throw error;
    const code = systemCode(error);
    const shown = relative(process.cwd(), path);
    if (code === 'EEXIST')
      throw new Failure('bad-usage', `${shown} is there already and is not overwritten; name another file with --out`, {
        cause: error,
      });
    throw new Failure('bad-usage', `cannot write ${shown} (${code ?? 'unknown'})`, { cause: error });
  }
}
