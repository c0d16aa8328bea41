import type { KeyPath } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import type { OperationDefinition, OutcomeRule, UploadDefinition } from '../definition.ts';
import type { OperationText, UploadText } from '../definition-text.ts';
import { parseRules } from '../outcome/parse-rules.ts';
import type { Reader } from '../feed/reader.ts';
import { variablesOf, type Template } from '../request/template.ts';

const rule = (statuses: readonly string[], outcome: OutcomeRule['class']): OutcomeRule => ({
  statuses,
  headers: [],
  body: [],
  isAfterLoss: false,
  class: outcome,
  answer: 'any',
});

/**
 * The address itself is the permission: where it is refused or gone a new one is asked for, and our credentials have no part
 * in it. What of a 5xx is left over may hide a success.
 */
const USUAL: readonly OutcomeRule[] = [
  rule(['2xx'], 'ACCEPTED'),
  rule(['401', '403', '404', '408', '410', '425', '429', '503'], 'RETRY_LATER'),
  rule(['4xx'], 'FIX_DATA'),
];

export function parseUpload(reader: Reader, text: UploadText, at: KeyPath): UploadDefinition {
  const allowed = ['key', 'key.uuid', 'key.part', 'payload', 'answer', 'settings'] as const;
  return {
    method: text.method ?? 'PUT',
    url: reader.template(text.url, [...at, 'url'], allowed),
    headers: reader.headers(text.headers, [...at, 'headers'], allowed),
    rules: [...parseRules(reader, text.outcomes, [...at, 'outcomes']), ...USUAL],
  };
}

/** An upload follows the answer that names its address. */
export function checkUpload(reader: Reader, { upload, job, batch }: OperationText, at: KeyPath): void {
  if (upload === undefined) return;
  if (job !== undefined) {
    const what = 'an upload follows the answer to the request, and "job" waits for another one';
    reader.report('wrong-value', [...at, 'job'], { what });
  }
  if (batch !== undefined)
    reader.report('wrong-value', [...at, 'batch'], { what: 'each file has a request of its own' });
}

/** Parts of a key must be groups of its pattern. */
export function checkKeyParts(reader: Reader, operation: OperationDefinition, at: KeyPath): void {
  const { key, path, headers, set, find, lookUp, upload } = operation;
  const groups = [...(key.pattern?.source ?? '').matchAll(/\(\?<([A-Za-z]\w*)>/g)].map(([, name = '']) => name);
  const check = (template: Template, place: KeyPath): void => {
    for (const variable of variablesOf(template)) {
      if (variable.kind !== 'key.part' || groups.includes(variable.name)) continue;
      const what = `the pattern of the key has no group "${variable.name}"`;
      reader.report('unknown-reference', [...at, ...place], { what, ...suggestion(variable.name, groups) });
    }
  };
  check(path, ['path']);
  for (const { name, value } of headers) check(value, ['headers', name]);
  for (const { name, value } of set) check(value, ['set', name]);
  if (find !== undefined) check(find.path, ['find', 'path']);
  if (lookUp !== undefined) check(lookUp.path, ['lookUp', 'path']);
  if (upload !== undefined) {
    check(upload.url, ['upload', 'url']);
    for (const { name, value } of upload.headers) check(value, ['upload', 'headers', name]);
  }
}
