import { createIssue, type Issue } from '../../core/issue.ts';
import { say, type Phrase } from '../../core/text.ts';
import { PICKED_PART } from '../types.ts';
import { ownerOf, type Seen } from './cells.ts';
import { totalsOf } from './totals.ts';
import type { TrailerControl } from './types.ts';
import { createStretch, type Stretch, type Watch, type WatchContext } from './watch.ts';

/** Whether a record is the trailer of a rule. */
export function isTrailerOf({ starts, record: type }: TrailerControl, seen: Seen): boolean {
  if (seen.part !== '') return false;
  if (type !== undefined) return seen.record.type === type;
  return starts !== undefined && seen.record.cells?.[0]?.trim() === starts;
}

/** How the trailer of a rule is told, in words. */
function signOf({ starts, record }: TrailerControl): Phrase {
  return record === undefined ? say`that starts with "${starts ?? ''}"` : say`of type "${record}"`;
}

/** The trailer of the file: it comes once, last, and counts all. */
export function watchFileTrailer(rule: TrailerControl, context: WatchContext): Watch {
  const whole = createStretch(totalsOf(rule, context.definition), context);
  const misplaced: Issue[] = [];
  let trailer: Seen | undefined;
  const misplace = (seen: Seen, what: Phrase): void => {
    if (misplaced.length === 0) misplaced.push(controlTotal(seen, what, context));
  };
  return {
    see(seen) {
      if (trailer === undefined) {
        whole.add(seen);
        if (isTrailerOf(rule, seen)) trailer = seen;
      } else if (seen.part !== PICKED_PART) {
        // The trailer ends the picked file; those that belong to it are read after it.
        whole.add(seen);
      } else if (isTrailerOf(rule, seen)) misplace(seen, say`the trailer comes a second time`);
      else if (!context.isTrailer(seen)) misplace(seen, say`records follow the trailer`);
    },
    findings(documents) {
      if (trailer === undefined) {
        const expected = say`a last record ${signOf(rule)}`;
        return [createIssue('trailer-missing', { file: context.file }, { expected })];
      }
      return [...misplaced, ...whole.compare(trailer, say`the trailer`, say`of the file`, documents)];
    },
  };
}

/** The trailers of batches: each counts what came since its batch began. */
export function watchBatchTrailer(rule: TrailerControl, since: string, context: WatchContext): Watch {
  const totals = totalsOf(rule, context.definition);
  const issues: Issue[] = [];
  let begun: { readonly by: Seen; readonly batch: Stretch } | undefined;
  let isAstray = false;
  const requireTrailer = (): void => {
    if (begun === undefined) return;
    const where = { file: context.file, line: begun.by.record.line };
    const what = say`the batch that begins here has no trailer`;
    issues.push(createIssue('trailer-missing', where, { what, expected: say`a record ${signOf(rule)} at its end` }));
  };
  const begin = (seen: Seen): void => {
    requireTrailer();
    begun = { by: seen, batch: createStretch(totals, context) };
    begun.batch.add(seen);
    isAstray = false;
  };
  const end = (seen: Seen): void => {
    begun?.batch.add(seen);
    const found = begun?.batch.compare(seen, say`the trailer`, say`of the batch`, 0);
    issues.push(...(found ?? [controlTotal(seen, say`a trailer without a batch before it`, context)]));
    begun = undefined;
  };
  return {
    see(seen) {
      if (ownerOf(seen) === since) begin(seen);
      else if (isTrailerOf(rule, seen)) end(seen);
      else if (begun !== undefined) begun.batch.add(seen);
      else if (context.counting.isPart(seen) && seen.part === '' && !isAstray) {
        // One message for all records between two batches.
        isAstray = true;
        issues.push(controlTotal(seen, say`records outside of a batch: no trailer counts them`, context));
      }
    },
    findings() {
      requireTrailer();
      begun = undefined;
      return issues;
    },
  };
}

/** Trailers that follow one another, each of what came since the one before. */
export function watchSubtotals(rule: TrailerControl, context: WatchContext): Watch {
  const totals = totalsOf(rule, context.definition);
  const issues: Issue[] = [];
  let open: Seen | undefined;
  let stretch = createStretch(totals, context);
  let hasTrailer = false;
  return {
    see(seen) {
      stretch.add(seen);
      if (isTrailerOf(rule, seen)) {
        issues.push(...stretch.compare(seen, say`the trailer`, say`of the records since the one before`, 0));
        stretch = createStretch(totals, context);
        open = undefined;
        hasTrailer = true;
      } else if (context.counting.isPart(seen)) open ??= seen;
    },
    findings() {
      if (open === undefined && hasTrailer) return issues;
      const where = { file: context.file, ...(open === undefined ? {} : { line: open.record.line }) };
      const what = open === undefined ? {} : { what: say`no trailer follows the records that begin here` };
      return [
        ...issues,
        createIssue('trailer-missing', where, { ...what, expected: say`a last record ${signOf(rule)}` }),
      ];
    },
  };
}

function controlTotal({ record }: Seen, what: Phrase, { file }: WatchContext): Issue {
  return createIssue('control-total', { file, line: record.line }, { what });
}
