import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { OutcomeClass } from '../../core/provider.ts';
import type { Conditions, MessageList, MessagePaths, OutcomeRule } from '../definition.ts';
import type { ConditionsText, ItemRuleText, MessageListText, MessagesText } from '../definition-text.ts';
import { statusTexts, type Reader } from '../feed/reader.ts';

export function parseRules(reader: Reader, rules: readonly ItemRuleText[] | undefined, at: KeyPath): OutcomeRule[] {
  return (rules ?? []).map((rule, position) => ({
    statuses: statusTexts(rule.status, ['2xx']),
    headers: Object.entries(rule.headers ?? {}).map(([name, equals]) => ({
      name: name.toLowerCase(),
      equals: [equals].flat(),
    })),
    body: parseConditions(reader, rule.body, [...at, position, 'body']),
    isAfterLoss: rule.after === 'lost',
    class: rule.class,
    answer: rule.answer ?? defaultAnswer(rule.class),
  }));
}

export function parseConditions(reader: Reader, text: ConditionsText | undefined, at: KeyPath): Conditions {
  return Object.entries(text ?? {}).map(([path, equals]) => ({
    path: reader.path(path, [...at, path]),
    equals: [equals].flat().map(String),
  }));
}

/** A final verdict must not rest on the error page of something in between; the others are mended or repeated. */
function defaultAnswer(outcome: OutcomeClass): OutcomeRule['answer'] {
  const isMended = outcome === 'FIX_DATA' || outcome === 'FIX_CREDENTIALS';
  return isMended || outcome === 'RETRY_LATER' || outcome === 'AMBIGUOUS' ? 'any' : 'json or empty';
}

export function parseMessages(reader: Reader, text: MessagesText | undefined, at: KeyPath): MessagePaths {
  const { list, explain, inside } = text ?? {};
  const expression = inside === undefined ? undefined : parseInside(reader, inside, [...at, 'inside']);
  return {
    ...(expression === undefined ? {} : { inside: expression }),
    ...(explain === undefined ? {} : { explain: new Map(Object.entries(explain)) }),
    texts: reader.paths(text?.text, [...at, 'text']),
    fields: reader.paths(text?.fields, [...at, 'fields']),
    lists: isOneList(list)
      ? [parseList(reader, list, [...at, 'list'])]
      : (list ?? []).map((one, position) => parseList(reader, one, [...at, 'list', position])),
  };
}

function parseInside(reader: Reader, text: string, at: KeyPath): RegExp | undefined {
  try {
    if (/\(\?<field>/.test(text) && /\(\?<text>/.test(text)) return new RegExp(text, 'gu');
    reader.report('wrong-value', at, { what: 'the groups "field" and "text" are missing', got: text });
  } catch {
    reader.report('wrong-value', at, { what: 'not a regular expression', got: text });
  }
  return undefined;
}

function isOneList(list: MessagesText['list']): list is MessageListText {
  return list !== undefined && 'each' in list;
}

function parseList(reader: Reader, list: MessageListText, at: KeyPath): MessageList {
  return {
    each: reader.path(list.each, [...at, 'each']),
    text: reader.path(list.text, [...at, 'text']),
    field: list.field === undefined ? undefined : reader.path(list.field, [...at, 'field']),
    prefix: list.prefix ?? '',
  };
}
