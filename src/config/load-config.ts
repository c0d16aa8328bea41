import { readFileSync } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import process from 'node:process';
import picomatch from 'picomatch';
import { acknowledgeOperation, OUR_FILES } from '../core/acknowledgement.ts';
import { parseDuration } from '../core/duration.ts';
import { createIssue, isError, type Issue } from '../core/issue.ts';
import { parseYaml, type PositionedYaml } from '../core/positioned-yaml.ts';
import { checkShape } from '../core/shape.ts';
import { answersOf, checkAnswers, type RawAnswers } from './answers.ts';
import { checkConfig } from './check-config.ts';
import type { Config, FolderConfig, InboundConfig, OperationChoice, ProviderConfig } from './config.ts';
import { configSchema } from './config-schema.ts';
import { checkFlowRules, expectRule, sequenceRule, type RawFlowRules } from './flow-rules.ts';
import { interpolate, type Sources } from './interpolate.ts';
import { outboundConfig, type RawOutbound } from './outbound-config.ts';
import { sftpConfig, type RawSftp } from './sftp.ts';
import { checkSource, type RawSource } from './sources.ts';
import { webhookConfig, type RawWebhooks } from './webhooks.ts';

export interface LoadedConfig {
  /** Undefined when there are errors. */
  readonly config?: Config;
  readonly issues: readonly Issue[];
}

/** Reads and checks config.yaml. Never throws for what is in it. */
export function loadConfig(file: string): LoadedConfig {
  const text = readText(file);
  if (text === undefined) {
    const hint = 'Name it with --config FILE, or start where it lies.';
    return { issues: [createIssue('missing-file', { file }, { what: 'the configuration cannot be read', hint })] };
  }
  return parseConfig(text, file, environment(dirname(resolve(file))));
}

/** Text of a UTF-8 file of the project, or undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function environment(directory: string): Sources {
  return {
    variable: (name) => process.env[name],
    file: (path) => readText(resolve(directory, path))?.replace(/\r?\n$/, ''),
  };
}

export function parseConfig(text: string, file: string, sources: Sources): LoadedConfig {
  const yaml = parseYaml(text, file);
  if (yaml.issues.length > 0) return { issues: yaml.issues };
  const interpolated = interpolate(yaml, sources);
  const resolved: PositionedYaml = { ...yaml, value: interpolated.value };
  const issues = [...interpolated.issues, ...checkShape(resolved, configSchema)];
  if (issues.some(isError)) return { issues };
  const config = buildConfig(resolved, interpolated.secrets);
  issues.push(...checkConfig(config));
  const { inbound = {} } = resolved.value as RawConfig;
  for (const [name, flow] of Object.entries(inbound)) {
    const rules = [...checkFlowRules(resolved, name, flow), ...checkAnswers(resolved, name, flow)];
    issues.push(...rules, ...checkSource(resolved, name, flow));
  }
  return issues.some(isError) ? { issues } : { config: deepFreeze(config), issues };
}

interface RawConfig {
  ledger?: string;
  sandbox?: { scale?: number; seed?: number };
  folders: Record<string, RawFolder>;
  providers: Record<string, RawProvider>;
  inbound?: Record<string, RawInbound>;
  outbound?: Record<string, RawOutbound>;
  webhooks?: RawWebhooks;
  texts?: string | string[];
}
interface RawFolder {
  path: string;
  seed?: Record<string, string>;
  sftp?: RawSftp;
}
interface RawProvider {
  definition: string;
  baseUrl: string;
  settings?: Record<string, string>;
  limits?: { rate?: string; concurrency?: number; connect?: string; answer?: string };
  retry?: { base?: string; cap?: string; attempts?: number };
  track?: { every?: string };
}
interface RawInbound extends RawFlowRules, RawAnswers, RawSource {
  folder: string;
  pick: string;
  mapping: string;
  /** Undefined where it acknowledges our files. */
  submit?: { provider: string; operation: string | RawChoice };
  accept?: 'document' | 'file';
  quiet?: string;
}
interface RawChoice {
  $from: string;
  $table: Record<string, string>;
  $default?: string;
}

function buildConfig(yaml: PositionedYaml, secrets: readonly string[]): Config {
  const raw = yaml.value as RawConfig;
  const directory = dirname(resolve(yaml.file));
  const path = (relative: string): string => resolve(directory, relative);
  return {
    file: yaml.file,
    directory,
    yaml,
    ledger: path(raw.ledger ?? 'data/dray.db'),
    sandbox: { scale: raw.sandbox?.scale ?? 1, seed: raw.sandbox?.seed ?? 1 },
    folders: mapValues(raw.folders, (entry) => buildFolder(entry, path)),
    providers: mapValues(raw.providers, (entry) => buildProvider(entry, path)),
    inbound: mapValues(raw.inbound ?? {}, (entry, name) => buildInbound(name, entry, path)),
    outbound: mapValues(raw.outbound ?? {}, (entry) => outboundConfig(entry, path)),
    webhooks: webhookConfig(raw.webhooks),
    texts: [raw.texts ?? []].flat().map(path),
    secrets,
  };
}

function buildFolder(raw: RawFolder, path: (relative: string) => string): FolderConfig {
  const { sftp, seed = {} } = raw;
  if (sftp === undefined) return { path: path(raw.path), sftp, seed };
  return { path: raw.path, sftp: sftpConfig(sftp, path), seed };
}

function buildProvider(raw: RawProvider, path: (relative: string) => string): ProviderConfig {
  const { limits = {}, retry = {}, track = {} } = raw;
  return {
    definition: path(raw.definition),
    baseUrl: raw.baseUrl,
    settings: raw.settings ?? {},
    limits: defined({
      rate: limits.rate,
      concurrency: limits.concurrency,
      connectMs: milliseconds(limits.connect),
      answerMs: milliseconds(limits.answer),
    }),
    retry: defined({ baseMs: milliseconds(retry.base), capMs: milliseconds(retry.cap), attempts: retry.attempts }),
    track: defined({ everyMs: milliseconds(track.every) }),
  };
}

function buildInbound(name: string, raw: RawInbound, path: (relative: string) => string): InboundConfig {
  const pick = normalized(raw.pick);
  const { base, glob } = picomatch.scan(pick);
  const { provider, operation } = raw.submit ?? { provider: OUR_FILES, operation: acknowledgeOperation(name) };
  const answers = answersOf(raw);
  return {
    folder: raw.folder,
    // Empty for the folder itself.
    directory: glob === '' ? pick.slice(0, Math.max(pick.lastIndexOf('/'), 0)) : base,
    pattern: glob === '' ? pick.slice(pick.lastIndexOf('/') + 1) : glob,
    mapping: path(raw.mapping),
    provider,
    operation: typeof operation === 'string' ? operation : firstOperation(operation),
    choice: typeof operation === 'string' ? undefined : operationChoice(operation),
    accept: raw.accept ?? 'document',
    original: raw.original ?? 'move',
    done: raw.done === undefined ? '' : normalized(raw.done),
    failed: raw.failed === undefined ? '' : normalized(raw.failed),
    marker: raw.marker,
    results: normalized(answers.in),
    resultsFolder: answers.folder ?? raw.folder,
    result: answers.format,
    answers: answers.rule,
    acknowledges: [raw.acknowledges ?? []].flat(),
    quietMs: milliseconds(raw.quiet),
    sequence: sequenceRule(raw),
    expect: expectRule(raw),
  };
}

function operationChoice({ $from, $table, $default }: RawChoice): OperationChoice {
  return { from: $from, table: $table, otherwise: $default };
}

function firstOperation({ $table, $default }: RawChoice): string {
  return $default ?? Object.values($table)[0] ?? '';
}

/** `./orders//done/` as `orders/done`, so that directories can be compared. */
function normalized(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}

function mapValues<Raw, Built>(
  raw: Record<string, Raw>,
  build: (entry: Raw, name: string) => Built,
): ReadonlyMap<string, Built> {
  return new Map(Object.entries(raw).map(([name, entry]) => [name, build(entry, name)]));
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function deepFreeze(config: Config): Config {
  for (const part of [config.folders, config.providers, config.inbound, config.outbound]) {
    for (const entry of part.values()) {
      for (const inner of Object.values(entry)) Object.freeze(inner);
      Object.freeze(entry);
    }
  }
  return Object.freeze(config);
}
