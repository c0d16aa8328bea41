import { dirname, relative, resolve } from 'node:path';
import process from 'node:process';
import { loadConfig, readText } from '../config/index.ts';
import type { Config, InboundConfig } from '../config/index.ts';
import { createIssue, isError, type Issue, type Place } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import type { KeyPath } from '../core/positioned-yaml.ts';
import { suggestion } from '../core/shape.ts';
import type { Texts } from '../core/text.ts';
import { columnFindings, type InboundMapping, type OutboundMapping } from '../mapping/index.ts';
import { checkSettings, parseProvider, type ProviderDefinition } from '../providers/index.ts';
import { acknowledgementSchema } from '../outbound/index.ts';
import { loadMapping, type Purpose } from './load-mapping.ts';
import { loadTexts } from './load-texts.ts';
import { outboundFindings } from './outbound-checks.ts';
import { purposeOf } from './purpose.ts';
import { webhookFindings } from './webhooks.ts';

/** Everything a configuration names, read and checked; nothing is opened yet. */
export interface Project {
  readonly config: Config;
  readonly definitions: ReadonlyMap<string, ProviderDefinition>;
  readonly inbound: ReadonlyMap<string, InboundMapping>;
  readonly outbound: ReadonlyMap<string, OutboundMapping>;
  /** Translations of what answers say. */
  readonly texts: Texts;
}

export interface LoadedProject {
  /** Undefined when there are errors. */
  readonly project?: Project;
  readonly issues: readonly Issue[];
}

/**
 * Reads the configuration and all it refers to. Every finding of every file at once.
 * `isThorough` also looks at what no flow uses.
 */
export async function loadProject(configFile: string, isThorough = false): Promise<LoadedProject> {
  const loaded = loadConfig(configFile);
  const { config } = loaded;
  if (config === undefined) return { issues: loaded.issues };
  const issues: Issue[] = [...loaded.issues];
  const definitions = loadDefinitions(config, isThorough, issues);
  const inbound = await loadInbound(config, definitions, issues);
  const outbound = await loadOutbound(config, definitions, issues);
  issues.push(...webhookFindings(config, definitions));
  const texts = loadTexts(config, definitions, shown, issues);
  const found = withoutRepeats(issues);
  if (found.some(isError)) return { issues: found };
  return { project: { config, definitions, inbound, outbound, texts }, issues: found };
}

function loadDefinitions(
  config: Config,
  isThorough: boolean,
  issues: Issue[],
): ReadonlyMap<string, ProviderDefinition> {
  const definitions = new Map<string, ProviderDefinition>();
  for (const [name, provider] of config.providers) {
    const place: KeyPath = ['providers', name, 'definition'];
    const text = readText(provider.definition);
    if (text === undefined) {
      issues.push(
        createIssue('missing-file', config.yaml.place(place), { what: `cannot read ${shown(provider.definition)}` }),
      );
      continue;
    }
    const directory = dirname(provider.definition);
    const readSchema = (path: string): { text: string; file: string } | undefined => {
      const schema = readText(resolve(directory, path));
      return schema === undefined ? undefined : { text: schema, file: shown(resolve(directory, path)) };
    };
    const parsed = parseProvider(text, shown(provider.definition), readSchema, isThorough);
    issues.push(...parsed.issues);
    if (parsed.definition === undefined) continue;
    definitions.set(name, parsed.definition);
    const settings: KeyPath = ['providers', name, 'settings'];
    const placeOf = (setting?: string): Place =>
      config.yaml.place(setting === undefined ? settings : [...settings, setting]);
    issues.push(...checkSettings(parsed.definition, provider.settings, placeOf));
    if (provider.baseUrl === 'sandbox' && parsed.definition.sandbox === undefined) {
      const what = 'the sandbox does not play this provider';
      issues.push(createIssue('wrong-value', config.yaml.place(['providers', name, 'baseUrl']), { what }));
    }
  }
  return definitions;
}

async function loadInbound(
  config: Config,
  definitions: ReadonlyMap<string, ProviderDefinition>,
  issues: Issue[],
): Promise<ReadonlyMap<string, InboundMapping>> {
  const mappings = new Map<string, InboundMapping>();
  for (const [name, flow] of config.inbound) {
    const target = targetOf(name, flow, definitions, config, issues);
    if (target === undefined) continue;
    const loaded = await loadMapping(flow.mapping, shown(flow.mapping), target.schema, target.purpose);
    const { mapping } = note(loaded, config, ['inbound', name, 'mapping'], issues);
    if (mapping?.kind === 'inbound') {
      mappings.set(name, mapping);
      issues.push(...sequenceFindings(config, name, flow, mapping));
    } else if (mapping !== undefined)
      issues.push(wrongKind(config, ['inbound', name, 'mapping'], 'files of this provider'));
  }
  return mappings;
}

/** What the documents of a flow have to be; undefined when that is not known. */
function targetOf(
  name: string,
  flow: InboundConfig,
  definitions: ReadonlyMap<string, ProviderDefinition>,
  config: Config,
  issues: Issue[],
): { readonly schema: JsonSchema | undefined; readonly purpose: Purpose } | undefined {
  if (flow.acknowledges.length > 0) return { schema: acknowledgementSchema, purpose: { operation: flow.operation } };
  const definition = definitions.get(flow.provider);
  if (definition === undefined || !checkOperations(name, flow, definition, config, issues)) return undefined;
  const operation = definition.operations.get(flow.operation);
  return operation && { schema: operation.schema, purpose: purposeOf(flow, definition) };
}

/** Whether the provider has every operation a flow may submit to. */
function checkOperations(
  name: string,
  { provider, operation, choice }: InboundConfig,
  { operations }: ProviderDefinition,
  config: Config,
  issues: Issue[],
): boolean {
  const place: KeyPath = ['inbound', name, 'submit', 'operation'];
  const named: (readonly [string, KeyPath])[] =
    choice === undefined
      ? [[operation, place]]
      : Object.entries(choice.table).map(([action, own]) => [own, [...place, '$table', action]] as const);
  if (choice?.otherwise !== undefined) named.push([choice.otherwise, [...place, '$default']]);
  const unknown = named.filter(([own]) => !operations.has(own));
  for (const [own, path] of unknown) {
    const what = `provider ${provider} has no operation "${own}"`;
    const hint = suggestion(own, [...operations.keys()]);
    issues.push(createIssue('unknown-reference', config.yaml.place(path), { what, ...hint }));
  }
  return unknown.length === 0;
}

async function loadOutbound(
  config: Config,
  definitions: ReadonlyMap<string, ProviderDefinition>,
  issues: Issue[],
): Promise<ReadonlyMap<string, OutboundMapping>> {
  const mappings = new Map<string, OutboundMapping>();
  for (const [name, flow] of config.outbound) {
    const definition = definitions.get(flow.provider);
    if (definition === undefined) continue;
    if (!definition.feeds.has(flow.feed)) {
      const hint = suggestion(flow.feed, [...definition.feeds.keys()]);
      const what = `provider ${flow.provider} has no feed "${flow.feed}"`;
      issues.push(
        createIssue('unknown-reference', config.yaml.place(['outbound', name, 'collect', 'feed']), { what, ...hint }),
      );
    }
    const loaded = await loadMapping(flow.mapping, shown(flow.mapping), undefined);
    const { mapping } = note(loaded, config, ['outbound', name, 'mapping'], issues);
    const outbound = mapping?.kind === 'outbound' ? mapping : undefined;
    if (outbound !== undefined) mappings.set(name, outbound);
    else if (mapping !== undefined) issues.push(wrongKind(config, ['outbound', name, 'mapping'], 'drops'));
    issues.push(...outboundFindings(config, name, flow, outbound, definition.feeds.get(flow.feed)));
  }
  return mappings;
}

/** A number that is read from a column: whether the mapping knows such a column. */
function sequenceFindings(config: Config, name: string, flow: InboundConfig, { definition }: InboundMapping): Issue[] {
  const { sequence } = flow;
  if (sequence === undefined || sequence.in.includes('{seq}')) return [];
  const place = config.yaml.place(['inbound', name, 'sequence', 'in']);
  return columnFindings(sequence.in, definition).map((details) => createIssue('unknown-reference', place, details));
}

type LoadedMapping = Awaited<ReturnType<typeof loadMapping>>;

function note(loaded: LoadedMapping, config: Config, path: KeyPath, issues: Issue[]): LoadedMapping {
  if (loaded.isMissing)
    issues.push(createIssue('missing-file', config.yaml.place(path), { what: `cannot read ${loaded.file}` }));
  issues.push(...loaded.issues);
  return loaded;
}

function wrongKind(config: Config, path: KeyPath, what: string): Issue {
  return createIssue('wrong-value', config.yaml.place(path), {
    what: `this mapping is for ${what}, not for this kind of flow`,
  });
}

/** Two flows may share a mapping: its findings are told once. */
function withoutRepeats(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const key = JSON.stringify(issue);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** A path as people started dray would write it. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
