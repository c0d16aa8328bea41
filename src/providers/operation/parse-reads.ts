import { parseDuration } from '../../core/duration.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import type {
  FindDefinition,
  JobDefinition,
  LookUpDefinition,
  OutcomeRule,
  ReadDefinition,
  ResolveDefinition,
} from '../definition.ts';
import type { FindText, JobText, LookUpText, ReadText, ResolveText, UnfinishedText } from '../definition-text.ts';
import { parseBody } from '../request/body-template.ts';
import { parseConditions, parseRules } from '../outcome/parse-rules.ts';
import { statusTexts, type Reader } from '../feed/reader.ts';
import type { VariableKind } from '../request/template.ts';

// What an operation asks a provider besides sending: look-up, preparation, job.

type Rules = readonly OutcomeRule[];

function parseRead(
  reader: Reader,
  text: ReadText,
  at: KeyPath,
  { allowed, rules }: { readonly allowed: readonly VariableKind[]; readonly rules: Rules },
): ReadDefinition {
  const method = text.method ?? 'GET';
  if (method === 'GET' && text.body !== undefined) {
    reader.report('wrong-value', [...at, 'body'], { what: 'a read by GET has no body', hint: 'Write method: POST.' });
  }
  return {
    method,
    path: reader.template(text.path, [...at, 'path'], allowed),
    body: text.body === undefined ? undefined : parseBody(reader, text.body, [...at, 'body'], allowed),
    record: reader.path(text.record ?? '$', [...at, 'record']),
    where: Object.entries(text.where ?? {}).map(([path, value]) => ({
      path: reader.path(path, [...at, 'where', path]),
      equals: reader.template(value, [...at, 'where', path], allowed),
    })),
    missing: statusTexts(text.missing, ['404']),
    rules,
  };
}

export function parseLookUp(reader: Reader, text: LookUpText, at: KeyPath, rules: Rules): LookUpDefinition {
  return {
    ...parseRead(reader, text, at, { allowed: ['key', 'key.uuid', 'key.part', 'settings'], rules }),
    same: (text.same ?? []).map((paths, position) => {
      const place = [...at, 'same', position];
      if (typeof paths === 'string') {
        const path = reader.path(paths, place);
        return { ours: path, theirs: path };
      }
      return {
        ours: reader.path(paths.ours, [...place, 'ours']),
        theirs: reader.path(paths.theirs ?? paths.ours, [...place, paths.theirs === undefined ? 'ours' : 'theirs']),
        ...(paths.when === undefined ? {} : { when: paths.when }),
      };
    }),
    unfinished: (text.unfinished ?? []).map((one, position) =>
      parseUnfinished(reader, one, [...at, 'unfinished', position], rules),
    ),
  };
}

function parseUnfinished(reader: Reader, text: UnfinishedText, at: KeyPath, rules: Rules) {
  const allowed = ['key', 'key.uuid', 'record', 'settings'] as const;
  return {
    when: parseConditions(reader, text.when, [...at, 'when']),
    method: text.method,
    path: reader.template(text.path, [...at, 'path'], allowed),
    body: text.body === undefined ? undefined : parseBody(reader, text.body, [...at, 'body'], allowed),
    rules: [...parseRules(reader, text.outcomes, [...at, 'outcomes']), ...rules],
  };
}

/** `called`: what is looked for, where the definition does not say it. */
export function parseFind(
  reader: Reader,
  text: FindText,
  at: KeyPath,
  { rules, called }: { readonly rules: Rules; readonly called: string },
): FindDefinition {
  const { wait } = text;
  return {
    ...parseRead(reader, text, at, { allowed: ['key', 'key.uuid', 'key.part', 'settings'], rules }),
    done: text.done === undefined ? undefined : parseConditions(reader, text.done, [...at, 'done']),
    called: text.called ?? called,
    wait:
      wait === undefined
        ? undefined
        : { everyMs: parseDuration(wait.every) ?? 0, longestMs: parseDuration(wait.longest) ?? 0 },
    take: Object.entries(text.take).map(([name, path]) => ({ name, path: reader.path(path, [...at, 'take', name]) })),
  };
}

export function parseResolve(reader: Reader, text: ResolveText, at: KeyPath, rules: Rules): ResolveDefinition {
  return {
    ...parseRead(reader, text, at, { allowed: ['value', 'settings'], rules }),
    at: reader.path(text.at, [...at, 'at']),
    unless: text.unless === undefined ? undefined : parseExpression(reader, text.unless, [...at, 'unless']),
    take: reader.path(text.take, [...at, 'take']),
    rememberMs: (text.remember === undefined ? undefined : parseDuration(text.remember)) ?? 0,
  };
}

function parseExpression(reader: Reader, text: string, at: KeyPath): RegExp | undefined {
  try {
    return new RegExp(text, 'u');
  } catch {
    reader.report('wrong-value', at, { what: 'not a regular expression', got: text });
    return undefined;
  }
}

export function parseJob(reader: Reader, text: JobText, at: KeyPath, rules: Rules): JobDefinition {
  return {
    when: statusTexts(text.when, []),
    path: reader.template(text.path, [...at, 'path'], ['key', 'key.uuid', 'answer', 'settings']),
    everyMs: (text.every === undefined ? undefined : parseDuration(text.every)) ?? 1_000,
    longestMs: (text.longest === undefined ? undefined : parseDuration(text.longest)) ?? 60_000,
    until: parseConditions(reader, text.until, [...at, 'until']),
    rules: [...parseRules(reader, text.outcomes, [...at, 'outcomes']), ...rules],
  };
}
