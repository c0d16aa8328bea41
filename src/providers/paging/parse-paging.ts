import { parseDuration } from '../../core/duration.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { IndexPaging, NumberedKeyPaging, PageSize, Paging, Target, TokenPaging } from '../feed/feed-definition.ts';
import type { PagingText } from '../feed/feed-text.ts';
import { statusTexts, type Reader } from '../feed/reader.ts';

export function parsePaging(reader: Reader, text: PagingText = {}, at: KeyPath): Paging {
  if (text.index !== undefined) return parseIndex(reader, text.index, [...at, 'index']);
  if (text.numberedKey !== undefined) return parseNumberedKey(reader, text.numberedKey, [...at, 'numberedKey']);
  if (text.token !== undefined) return parseToken(reader, text.token, [...at, 'token']);
  if (text.offset !== undefined) {
    const { parameter, limit, size, smallest = size, shrinkOn } = text.offset;
    return { kind: 'offset', parameter, limit, size, smallest, shrinkOn: statusTexts(shrinkOn, []) };
  }
  if (text.page !== undefined) {
    const { parameter, first = 1, pages } = text.page;
    const count = pages === undefined ? undefined : reader.path(pages, [...at, 'page', 'pages']);
    return { kind: 'page', parameter, first, pages: count, size: parseSize(reader, text.page, [...at, 'page']) };
  }
  if (text.link !== undefined) return { kind: 'link', size: parseSize(reader, text.link, [...at, 'link']) };
  return { kind: 'none' };
}

function parseSize(reader: Reader, text: { limit?: string; size?: number }, at: KeyPath): PageSize | undefined {
  const { limit, size } = text;
  if (limit !== undefined && size !== undefined) return { parameter: limit, size };
  if (limit !== undefined || size !== undefined) {
    reader.report('wrong-value', at, { what: '"limit" and "size" belong together' });
  }
  return undefined;
}

/** A query parameter, or a place in the body as names with points between. */
export function parseTarget(parameter: string | undefined, body: string | undefined): Target | undefined {
  if (parameter !== undefined) return { kind: 'query', name: parameter };
  return body === undefined ? undefined : { kind: 'body', path: body.split('.') };
}

function parseToken(reader: Reader, text: NonNullable<PagingText['token']>, at: KeyPath): TokenPaging {
  const target = parseTarget(text.parameter, text.body);
  // The shape has held: one of them is there.
  return {
    kind: 'token',
    field: reader.path(text.field, [...at, 'field']),
    target: target ?? { kind: 'query', name: '' },
  };
}

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
