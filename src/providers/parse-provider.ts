import { parseDuration } from '../core/duration.ts';
import { isError, type Issue } from '../core/issue.ts';
import { parseYaml, type PositionedYaml } from '../core/positioned-yaml.ts';
import type { RetryPolicy } from '../core/provider.ts';
import { checkShape } from '../core/shape.ts';
import type { Limits, ProviderDefinition, Setting } from './definition.ts';
import type { LimitsText, ProviderText } from './definition-text.ts';
import { checkLists } from './feed/check-feed.ts';
import { parseAuth } from './auth/parse-auth.ts';
import { parseFeed } from './feed/parse-feed.ts';
import { parseOperation } from './operation/parse-operation.ts';
import { parseMessages, parseRules } from './outcome/parse-rules.ts';
import { parseWebhook } from './webhook/parse-webhook.ts';
import { createReader, type Reader } from './feed/reader.ts';
import { providerSchema } from './provider-schema.ts';
import { createSchemaReader, type ReadSchema } from './payload-schema.ts';

export interface ParsedProvider {
  /** Absent when an issue is an error. */
  readonly definition?: ProviderDefinition;
  readonly issues: readonly Issue[];
}

/**
 * Reads a provider.yaml. Every finding is placed in it or in the schema file it is about.
 * `readSchema` answers the text of a file named relative to the definition, undefined when there is none.
 * `isThorough` also compiles every payload schema, used or not: that takes a while and is for checking.
 */
export function parseProvider(text: string, file: string, readSchema: ReadSchema, isThorough = true): ParsedProvider {
  const yaml = parseYaml(text, file);
  const issues = yaml.issues.length > 0 ? yaml.issues : checkShape(yaml, providerSchema);
  if (issues.some(isError)) return { issues };
  const { definition, found } = compile(yaml, readSchema, isThorough);
  const all = [...issues, ...found];
  return all.some(isError) ? { issues: all } : { definition, issues: all };
}

function compile(
  yaml: PositionedYaml,
  readSchema: ReadSchema,
  isThorough: boolean,
): { definition: ProviderDefinition; found: Issue[] } {
  // The schema has held.
  const text = yaml.value as ProviderText;
  const reader = createReader(yaml, readSettings(text));
  checkSettingValues(reader);
  const shared = {
    headers: reader.headers(text.headers, ['headers'], ['settings']),
    rules: parseRules(reader, text.outcomes, ['outcomes']),
    messages: parseMessages(reader, text.messages, ['messages']),
    notices: parseMessages(reader, text.notices, ['notices']),
    schemas: createSchemaReader(reader, readSchema, isThorough),
  };
  checkLists(reader, text.feeds);
  const definition: ProviderDefinition = {
    file: yaml.file,
    summary: text.summary,
    sandbox: text.sandbox,
    settings: reader.settings,
    auth: parseAuth(reader, text.auth),
    limits: readLimits(text.limits),
    retry: readRetry(text.retry),
    operations: mapEntries(text.operations, (name, operation) => parseOperation(reader, name, operation, shared)),
    feeds: mapEntries(text.feeds, (name, feed) =>
      parseFeed(reader, name, feed, shared, Object.keys(text.operations ?? {})),
    ),
    webhook: parseWebhook(reader, text.webhooks, text.feeds),
  };
  return { definition, found: reader.issues };
}

function readSettings(text: ProviderText): ReadonlyMap<string, Setting> {
  return mapEntries(text.settings, (_name, setting) => ({
    summary: setting.summary,
    isSecret: setting.secret ?? false,
    default: setting.default,
    values: setting.enum,
  }));
}

function checkSettingValues(reader: Reader): void {
  for (const [name, { default: value, values }] of reader.settings) {
    if (value === undefined || values === undefined || values.includes(value)) continue;
    const details = { what: `the default of "${name}" is none of its values`, expected: `one of ${values.join(', ')}` };
    reader.report('wrong-value', ['settings', name, 'default'], { ...details, got: value });
  }
}

function readLimits(text: LimitsText = {}): Limits {
  return {
    rate: text.rate ?? '10/s',
    concurrency: text.concurrency ?? 4,
    connectMs: milliseconds(text.connect, 5_000),
    answerMs: milliseconds(text.answer, 30_000),
    answerBytes: text.answerBytes ?? 10 * 1024 * 1024,
  };
}

function readRetry(text: ProviderText['retry'] = {}): RetryPolicy {
  return {
    baseMs: milliseconds(text.base, 1_000),
    capMs: milliseconds(text.cap, 60_000),
    attempts: text.attempts ?? 8,
  };
}

function milliseconds(text: string | undefined, absent: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? absent;
}

function mapEntries<From, To>(
  record: Readonly<Record<string, From>> | undefined,
  make: (name: string, value: From) => To,
): ReadonlyMap<string, To> {
  return new Map(Object.entries(record ?? {}).map(([name, value]) => [name, make(name, value)]));
}
