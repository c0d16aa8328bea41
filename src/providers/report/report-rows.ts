import { Failure } from '../../core/failure.ts';
import type { FeedItem } from '../../core/feed.ts';
import { isError, type Issue } from '../../core/issue.ts';
import { issueCatalogue } from '../../core/issue-catalogue.ts';
import type { Json } from '../../core/json.ts';
import { defaultLimits } from '../../core/limits.ts';
import type { DataRecord, ReadEvent } from '../../core/record.ts';
import type { Context } from '../context.ts';
import type { FeedDefinition } from '../feed/feed-definition.ts';
import { readItem, withFields, writeItem, type RawItem } from '../feed/feed-item.ts';
import type { ReportDefinition } from './report-definition.ts';
import { openDownload } from './report-download.ts';
import { variablesOf, type TemplateValues } from '../request/template.ts';

const BATCH = 500;

export interface RowsWanted {
  readonly definition: FeedDefinition;
  readonly report: ReportDefinition;
  readonly context: Context;
  /** What templates of `add` may use. */
  readonly values: TemplateValues;
  readonly link: string;
  readonly known: (identities: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly signal: AbortSignal | undefined;
}

type Known = RowsWanted['known'];

/** Reads the rows of a report as they come. Nothing of it counts unless all of it can be read. @throws Failure */
export async function* readRows(wanted: RowsWanted): AsyncGenerator<readonly FeedItem[]> {
  const { definition, report, context, values, known } = wanted;
  const { add } = definition;
  const isLate = ({ value }: (typeof add)[number]): boolean => variablesOf(value).some(({ kind }) => kind === 'row');
  const early = { ...definition, add: add.filter((field) => !isLate(field)) };
  const late = { ...definition, add: add.filter(isLate) };
  const number = definition.identity === 'hash' ? createNumbering(known) : asTheyAre;
  for await (const rows of valuesOf(wanted)) {
    for (let from = 0; from < rows.length; from += BATCH) {
      const raw = rows.slice(from, from + BATCH).flatMap((row) => readItem(row, early, undefined, values) ?? []);
      const items = await number(raw);
      yield items.map((item) => {
        const value = withFields(item.value, late, { ...values, row: item.identity });
        return writeItem({ ...item, value }, definition);
      });
    }
  }
  context.log.debug(
    { provider: context.provider, feed: definition.name, format: report.download.format },
    'report read',
  );
}

const asTheyAre = (items: readonly RawItem[]): Promise<readonly RawItem[]> => Promise.resolve(items);

/**
 * Rows that say the same are as many facts as there are rows: each further one gets its number. Only what was met twice is
 * held in memory; the rest is asked for where the rows are stored.
 */
function createNumbering(known: Known): (items: readonly RawItem[]) => Promise<readonly RawItem[]> {
  const repeated = new Map<string, number>();
  return async (items) => {
    const open = items.map(({ identity }) => identity).filter((identity) => !repeated.has(identity));
    const met = new Set(await known(open));
    return items.map((item) => {
      const before = repeated.get(item.identity) ?? (met.has(item.identity) ? 1 : 0);
      if (before > 0) repeated.set(item.identity, before + 1);
      else met.add(item.identity);
      return before === 0 ? item : { ...item, identity: `${item.identity}/${before + 1}` };
    });
  };
}

/** The rows as values: a table's as objects of its columns. */
async function* valuesOf({ report, context, link, signal }: RowsWanted): AsyncGenerator<readonly Json[]> {
  const { format, options } = report.download;
  const reader = context.formats.get(format);
  if (reader === undefined) throw new Failure('bad-config', `reports in ${format} cannot be read here`);
  const download = await openDownload(link, report.download, context, signal);
  let columns: readonly string[] = [];
  try {
    const file = `report.${format}`;
    for await (const event of reader.read(download.bytes, options, { file, limits: defaultLimits })) {
      const trouble = troubleOf(event, download.isEndProven);
      if (trouble !== undefined) throw unusable(trouble);
      if (event.kind === 'header') ({ columns } = event);
      if (event.kind === 'records') yield event.records.map((record) => valueOf(record, columns));
    }
  } finally {
    await download.close();
  }
}

function valueOf({ tree, cells = [] }: DataRecord, columns: readonly string[]): Json {
  return tree ?? Object.fromEntries(columns.map((name, place) => [name, cells[place] ?? '']));
}

/** What forbids the use of the file: half a row is no row, and a row left out would never be missed. */
function troubleOf(event: ReadEvent, isEndProven: boolean): Issue | undefined {
  if (event.kind === 'refused') return event.issue;
  if (event.kind === 'records') return event.records.flatMap(({ issues = [] }) => issues).find(isError);
  return event.kind === 'notice' && event.issue.code === 'no-final-newline' && !isEndProven ? event.issue : undefined;
}

// Where and which rule, without the value: it may be personal.
function unusable({ code, where }: Issue): Failure {
  const { line, column } = where;
  const place = [line === undefined ? [] : [`line ${line}`], column === undefined ? [] : [`column ${column}`]].flat();
  return new Failure('report-unusable', `${place.join(' ')} ${code}: ${issueCatalogue[code].what}`.trim());
}
