import { parseDuration } from '../../core/duration.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { parseBody } from '../request/body-template.ts';
import type {
  ChangesDefinition,
  FeedDefinition,
  FollowDefinition,
  ListFollowDefinition,
  NamedTemplate,
  TrackDefinition,
} from './feed-definition.ts';
import type { ChangesText, FeedText } from './feed-text.ts';
import { checkFeed } from './check-feed.ts';
import type { Shared } from '../operation/parse-operation.ts';
import { parsePaging, parseTarget } from '../paging/parse-paging.ts';
import { parseReport } from '../report/parse-report.ts';
import { parseConditions, parseRules } from '../outcome/parse-rules.ts';
import { statusTexts, type Reader } from './reader.ts';
import type { VariableKind } from '../request/template.ts';

const OVERLAP_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** `operations`: names of those the definition has. */
export function parseFeed(
  reader: Reader,
  name: string,
  text: FeedText,
  shared: Shared,
  operations: readonly string[],
): FeedDefinition {
  const at: KeyPath = ['feeds', name];
  checkFeed(reader, text, operations, at);
  const allowed = allowedIn(text);
  const pathAt = text.track === undefined ? [...at, 'path'] : [...at, 'track', 'path'];
  const { request } = text;
  const rounds = roundsOf(text.each);
  return {
    name,
    summary: text.summary,
    method: request?.method ?? (request?.body === undefined ? 'GET' : 'POST'),
    path: reader.template(text.track?.path ?? text.path ?? '/', pathAt, allowed),
    headers: [...shared.headers, ...reader.headers(text.headers, [...at, 'headers'], ['settings'])],
    query: parseNamed(reader, text.query, [...at, 'query'], allowed),
    body:
      request?.body === undefined ? undefined : parseBody(reader, request.body, [...at, 'request', 'body'], allowed),
    paging: parsePaging(reader, text.paging, [...at, 'paging']),
    rounds,
    add: parseNamed(reader, text.add, [...at, 'add'], allowed),
    items: reader.paths(text.items ?? '$', [...at, 'items']),
    empty: statusTexts(text.empty, []),
    identity: parseIdentity(reader, text, [...at, 'identity']),
    document: reader.paths(text.document, [...at, 'document']),
    changes:
      text.changes === undefined
        ? undefined
        : parseChanges(reader, text.changes, rounds.length > 1, [...at, 'changes']),
    follow: parseFollow(reader, text.follow, [...at, 'follow']),
    lists: parseLists(reader, text.follow, [...at, 'follow']),
    track: text.track === undefined ? undefined : parseTrack(reader, text.track, [...at, 'track']),
    report: text.report === undefined ? undefined : parseReport(reader, text.report, [...at, 'report']),
    rules: [...parseRules(reader, text.outcomes, [...at, 'outcomes']), ...shared.rules],
  };
}

function allowedIn({ track, report }: FeedText): readonly VariableKind[] {
  if (track !== undefined) return ['settings', 'key', 'reference'];
  if (report === undefined) return ['settings', 'each'];
  return report.period === undefined ? ['settings', 'row'] : ['settings', 'row', 'since', 'until'];
}

function parseNamed(
  reader: Reader,
  text: Readonly<Record<string, string>> | undefined,
  at: KeyPath,
  allowed: readonly VariableKind[],
): NamedTemplate[] {
  return Object.entries(text ?? {}).map(([name, value]) => ({
    name,
    value: reader.template(value, [...at, name], allowed),
  }));
}

function parseIdentity(reader: Reader, { identity, track }: FeedText, at: KeyPath): FeedDefinition['identity'] {
  if (identity === 'hash' || (identity === undefined && track !== undefined)) return 'hash';
  return reader.paths(identity, at);
}

/** Every way to choose one value of each name. */
function roundsOf(each: FeedText['each'] = {}): ReadonlyMap<string, string>[] {
  return Object.entries(each).reduce<ReadonlyMap<string, string>[]>(
    (rounds, [name, values]) =>
      rounds.flatMap((round) => values.map((value) => new Map([...round, [name, String(value)]]))),
    [new Map()],
  );
}

function milliseconds(text: string | undefined, absent: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? absent;
}

function parseChanges(
  reader: Reader,
  { since, dead }: ChangesText,
  hasRounds: boolean,
  at: KeyPath,
): ChangesDefinition {
  const { parameter, body, until, field } = since;
  return {
    // That one of them is there has been checked.
    since: parseTarget(parameter, body) ?? { kind: 'query', name: '' },
    until: until === undefined ? undefined : parseTarget(body === undefined ? until : undefined, until),
    format: since.format ?? 'iso',
    field: reader.path(field, [...at, 'since', 'field']),
    overlapMs: milliseconds(since.overlap, OVERLAP_MS),
    sliceMs: since.slice === undefined ? undefined : milliseconds(since.slice, DAY_MS),
    startMs: milliseconds(since.start, 30 * DAY_MS),
    hasRounds,
    dead: statusTexts(dead, []),
  };
}

function parseFollow(reader: Reader, text: FeedText['follow'] = [], at: KeyPath): FollowDefinition[] {
  return text.flatMap(({ path, when, as, missing }, position) =>
    path === undefined
      ? []
      : {
          when: parseConditions(reader, when, [...at, position, 'when']),
          path: reader.template(path, [...at, position, 'path'], ['item', 'settings']),
          as,
          missing: statusTexts(missing, ['404']),
        },
  );
}

function parseLists(reader: Reader, text: FeedText['follow'] = [], at: KeyPath): ListFollowDefinition[] {
  return text.flatMap(({ list, by, as, take = [], remember }, position) =>
    list === undefined
      ? []
      : { list, by: reader.paths(by, [...at, position, 'by']), as, take, rememberMs: milliseconds(remember, DAY_MS) },
  );
}

function parseTrack(reader: Reader, text: NonNullable<FeedText['track']>, at: KeyPath): TrackDefinition {
  return {
    operations: text.operations,
    everyMs: milliseconds(text.every, OVERLAP_MS),
    until: parseConditions(reader, text.until, [...at, 'until']),
    forMs: milliseconds(text.for, 60 * DAY_MS),
  };
}
