import type { KeyPath } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import type { BatchDefinition, BatchResults, OperationDefinition } from '../definition.ts';
import type { BatchText, OperationText } from '../definition-text.ts';
import { fieldNames } from '../mapping-schema.ts';
import { parseMessages, parseRules } from '../outcome/parse-rules.ts';
import type { Reader } from '../feed/reader.ts';
import { variablesOf, type Template } from '../request/template.ts';

const DEFAULT_BYTES = 1024 * 1024;

export function parseBatch(reader: Reader, text: BatchText | undefined, at: KeyPath): BatchDefinition | undefined {
  if (text === undefined) return undefined;
  const { results } = text;
  return {
    size: text.size,
    bytes: text.bytes ?? DEFAULT_BYTES,
    list: reader.path(text.list, [...at, 'list']),
    results: results === undefined ? undefined : parseResults(reader, results, [...at, 'results']),
  };
}

function parseResults(reader: Reader, text: NonNullable<BatchText['results']>, at: KeyPath): BatchResults {
  const { match } = text;
  return {
    list: reader.path(text.list, [...at, 'list']),
    match:
      match === undefined
        ? undefined
        : {
            ours: reader.path(match.ours, [...at, 'match', 'ours']),
            theirs: reader.path(match.theirs, [...at, 'match', 'theirs']),
          },
    rules: parseRules(reader, text.outcomes, [...at, 'outcomes']),
    messages: parseMessages(reader, text.messages, [...at, 'messages']),
    notices: parseMessages(reader, text.notices, [...at, 'notices']),
  };
}

/** What would keep every document in a request of its own, or needs one. */
export function checkBatch(reader: Reader, text: OperationText, operation: OperationDefinition, at: KeyPath): void {
  const { batch, path, headers, set, sentSchema } = operation;
  if (batch === undefined) return;
  const refuse = (what: string, hint?: string): void =>
    reader.report('wrong-value', [...at, 'batch'], { what, ...(hint === undefined ? {} : { hint }) });
  if (sentSchema === undefined) return refuse('batch without a body schema');
  for (const name of ['find', 'resolve', 'job', 'upload'] as const) {
    if (text[name] !== undefined) refuse(`batch with ${name}`, 'A document that needs steps of its own goes alone.');
  }
  const own = [path, ...headers.map(({ value }) => value), ...set.map(({ value }) => value)].find(isOfDocument);
  if (own !== undefined)
    refuse(`batch with ${own.text} outside its list`, 'What differs from document to document keeps them apart.');
  const [first] = batch.list.steps;
  if (first === undefined || batch.list.steps.some(({ kind }) => kind !== 'name'))
    return refuse(`${batch.list.text} does not lead to one list`);
  const names = fieldNames(sentSchema);
  if (first.kind === 'name' && names.length > 0 && !names.includes(first.name)) {
    const what = `the schema of the body has no field "${first.name}"`;
    reader.report('unknown-reference', [...at, 'batch', 'list'], { what, ...suggestion(first.name, names) });
  }
}

function isOfDocument(template: Template): boolean {
  return variablesOf(template).some(({ kind }) => kind.startsWith('key'));
}
