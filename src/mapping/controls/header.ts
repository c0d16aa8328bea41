import { createIssue, type Issue } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import { columnName, ownerOf, type Seen } from './cells.ts';
import { totalFinding } from './finding.ts';
import { createTally } from './tally.ts';
import { totalsOf, type Total } from './totals.ts';
import type { HeaderControl } from './types.ts';
import { createStretch, placeOf, type Stretch, type Watch, type WatchContext } from './watch.ts';

/**
 * Totals stated by a record that stands above what it counts. `isBatch`: the trailer of the file does not belong to what
 * follows the last one.
 */
export function watchHeaderRecord(rule: HeaderControl, type: string, isBatch: boolean, context: WatchContext): Watch {
  const totals = totalsOf(rule, context.definition);
  const issues: Issue[] = [];
  let begun: { readonly by: Seen; readonly stretch: Stretch } | undefined;
  let early: Seen | undefined;
  const close = (documents: number): void => {
    if (begun === undefined) return;
    issues.push(...begun.stretch.compare(begun.by, say`the record "${type}"`, say`of what follows it`, documents));
    begun = undefined;
  };
  return {
    see(seen) {
      if (ownerOf(seen) === type) {
        close(0);
        begun = { by: seen, stretch: createStretch(totals, context) };
      } else if (begun === undefined && context.counting.isPart(seen)) early ??= seen;
      if (isBatch && context.isTrailer(seen) && context.batchOf(seen) !== type) close(0);
      begun?.stretch.add(seen);
    },
    findings(documents) {
      close(documents);
      if (early === undefined) return issues;
      const what = say`the record "${type}", which states the totals, does not stand above this record`;
      return [createIssue('control-total', placeOf(early, '1', context), { what }), ...issues];
    },
  };
}

/** Totals in columns that every record repeats. */
export function watchColumns(rule: HeaderControl, context: WatchContext): Watch {
  const watches = totalsOf(rule, context.definition).map((total) => watchColumn(total, context));
  return {
    see(seen) {
      for (const watch of watches) watch.see(seen);
    },
    findings: (documents) => watches.flatMap((watch) => watch.findings(documents)),
  };
}

function watchColumn(total: Total, context: WatchContext): Watch {
  const { counting, definition } = context;
  const name = columnName(total.place, definition);
  const tally = createTally(total.measure, counting);
  const issues: Issue[] = [];
  let stated: { readonly seen: Seen; readonly text: string } | undefined;
  return {
    see(seen) {
      tally.add(seen);
      if (!counting.isPart(seen)) return;
      const [text = ''] = counting.cells.read(seen, name) ?? [];
      if (text === '') return;
      stated ??= { seen, text };
      if (text === stated.text || issues.length > 0) return;
      const what = say`the records state different totals`;
      const expected = say`${stated.text}, as in line ${stated.seen.record.line}`;
      issues.push(createIssue('control-total', placeOf(seen, total.place, context), { what, expected, got: text }));
    },
    findings(documents) {
      if (issues.length > 0) return issues;
      const where =
        stated === undefined ? { file: context.file, column: total.place } : placeOf(stated.seen, total.place, context);
      const text = stated?.text ?? '';
      const difference = tally.difference(text, documents);
      if (difference === undefined) return [];
      return [
        totalFinding(
          'control-total',
          { total, where, stated: text, by: say`the total`, scope: say`of the file` },
          difference,
        ),
      ];
    },
  };
}
