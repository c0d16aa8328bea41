import { parseDuration } from '../core/duration.ts';
import type { KeyPath } from '../core/positioned-yaml.ts';
import type { FeedDefinition, IndexPaging, NumberedKeyPaging, Paging } from './definition.ts';
import type { FeedText } from './definition-text.ts';
import type { Shared } from './parse-operation.ts';
import { parseRules } from './parse-rules.ts';
import { statusTexts, type Reader } from './reader.ts';

export function parseFeed(reader: Reader, name: string, text: FeedText, shared: Shared): FeedDefinition {
  const at: KeyPath = ['feeds', name];
  const paging = parsePaging(reader, text.paging, [...at, 'paging']);
  if (paging.kind !== 'index' && text.identity === undefined) {
    const hint = 'Name the path that tells one item from another.';
    reader.report('missing-key', at, { what: `"identity" is missing in ${at.join('.')}`, hint });
  }
  return {
    name,
    summary: text.summary,
    path: reader.template(text.path, [...at, 'path'], ['settings']),
    headers: [...shared.headers, ...reader.headers(text.headers, [...at, 'headers'], ['settings'])],
    query: Object.entries(text.query ?? {}).map(([parameter, value]) => ({
      name: parameter,
      value: reader.template(value, [...at, 'query', parameter], ['settings']),
    })),
    paging,
    items: reader.paths(text.items ?? '$', [...at, 'items']),
    empty: statusTexts(text.empty, []),
    identity: text.identity === undefined ? undefined : reader.path(text.identity, [...at, 'identity']),
    document: reader.paths(text.document, [...at, 'document']),
    rules: [...parseRules(reader, text.outcomes, [...at, 'outcomes']), ...shared.rules],
  };
}

function parsePaging(reader: Reader, text: FeedText['paging'], at: KeyPath): Paging {
  if (text?.index !== undefined) return parseIndex(reader, text.index, [...at, 'index']);
  if (text?.numberedKey !== undefined) return parseNumberedKey(reader, text.numberedKey, [...at, 'numberedKey']);
  return { kind: 'none' };
}

type PagingText = NonNullable<FeedText['paging']>;

function parseIndex(reader: Reader, text: NonNullable<PagingText['index']>, at: KeyPath): IndexPaging {
  const gapChecksMs = (text.gapChecks ?? []).map((duration) => parseDuration(duration) ?? 0);
  if (gapChecksMs.some((ms, position) => position > 0 && ms <= (gapChecksMs[position - 1] ?? 0))) {
    reader.report('wrong-value', [...at, 'gapChecks'], { what: 'the durations of gapChecks do not ascend' });
  }
  return {
    kind: 'index',
    parameter: text.parameter,
    field: reader.path(text.field, [...at, 'field']),
    start: text.start ?? '0',
    gapChecksMs,
  };
}

function parseNumberedKey(
  reader: Reader,
  text: NonNullable<PagingText['numberedKey']>,
  at: KeyPath,
): NumberedKeyPaging {
  return {
    kind: 'numberedKey',
    parameter: text.parameter,
    key: reader.path(text.key, [...at, 'key']),
    pages: reader.path(text.pages, [...at, 'pages']),
    truncated: text.truncated === undefined ? undefined : reader.path(text.truncated, [...at, 'truncated']),
  };
}
