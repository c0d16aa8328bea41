import { createIssue, isError, type Issue, type Place } from '../../core/issue.ts';
import type { DataRecord } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { groupText } from './key.ts';
import type { PlacedRecord, SourceRecord } from '../types.ts';

/** Records of a file one after another: what cannot be told of one may be told by those around it. */
export interface Neighbours {
  /**
   * Gives a record without a group to the document before it, which is refused with it: it may be one of its lines. One
   * that cannot be read may as well be the first of the document behind it. `around`: the document it stands in.
   */
  place(source: SourceRecord, group: string, columns: readonly string[], around?: string): PlacedRecord;
  /** A record with which a document begins. */
  begin(source: SourceRecord, group: string): PlacedRecord;
}

export function createNeighbours(where: (source: SourceRecord) => Place): Neighbours {
  const last = new Map<string, string>();
  // Where a record stands that may belong to what follows it.
  const unread = new Map<string, { readonly line: number; readonly group: string }>();
  const follow = (source: SourceRecord, group: string): PlacedRecord => {
    const { part, record } = source;
    const before = unread.get(part);
    unread.delete(part);
    last.set(part, group);
    if (before === undefined || before.group === group) return { part, record, group };
    return { part, record: withIssue(record, mayBelong(before.line, where(source))), group };
  };
  return {
    begin: follow,
    place(source, group, columns, around) {
      if (group !== '') return follow(source, group);
      const { part, record } = source;
      const owner = around ?? last.get(part);
      const isUnread = record.issues?.some(isError) === true;
      const own = owner ?? ownGroup(part, record);
      if (isUnread) unread.set(part, { line: record.line, group: own });
      if (owner === undefined) return { part, record, group: own };
      return {
        part,
        record: withIssue(record, withoutOwner(isUnread ? [] : columns, owner, where(source))),
        group: own,
      };
    },
  };
}

/** Values of cells are trimmed, so nothing real begins with a space. */
export function ownGroup(part: string, record: DataRecord): string {
  return ` ${part}#${record.seq}`;
}

function withIssue(record: DataRecord, issue: Issue): DataRecord {
  return { ...record, issues: [...(record.issues ?? []), issue] };
}

function withoutOwner(columns: readonly string[], owner: string, where: Place): Issue {
  const document = groupText(owner);
  const [column] = columns;
  if (column === undefined || columns.length > 1) {
    const what = say`it cannot be told whose line this is; it may belong to ${document} above, so neither is sent`;
    return createIssue('unclear-document', where, { what });
  }
  return createIssue(
    'no-key',
    { ...where, column },
    {
      what: say`this line has no ${column}; it may belong to ${document} above, so neither is sent`,
      hint: say`Fill in ${column}, or leave such lines out with read.ignore.`,
    },
  );
}

function mayBelong(line: number, where: Place): Issue {
  const what = say`line ${line} above cannot be read and may belong to this document, so neither is sent`;
  return createIssue('unclear-document', where, { what });
}
