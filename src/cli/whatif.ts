import type { Command } from 'commander';
import { openReading } from '../app/reading.ts';
import type { DocumentChange } from '../app/whatif/compare.ts';
import { runWhatIf, type WhatIfEvents } from '../app/whatif/whatif.ts';
import { parseDuration } from '../core/duration.ts';
import { Failure } from '../core/failure.ts';
import { describeIssue } from '../core/issue.ts';
import type { DropView } from '../core/ledger.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes, type ExitCode, type Output } from './output.ts';
import { openProject } from './project.ts';

interface WhatIfFlags {
  mapping: string;
  flow?: string;
  since?: string;
  drop?: string;
  json?: boolean;
}

export function addWhatIf(program: Command, act: Act): void {
  program
    .command('whatif')
    .description('run received drops through a changed mapping and show what would differ; nothing is sent or written')
    .requiredOption('--mapping <file>', 'the changed mapping')
    .option('--flow <name>', 'inbound flow whose drops are taken')
    .option('--since <duration>', 'only drops received in this time: 12h, 7d')
    .option('--drop <id>', 'only this drop, by its number in the ledger')
    .option('--json', 'one JSON object per line')
    .action(
      act(async (flags: WhatIfFlags) => {
        const output = createOutput(flags);
        const request = requestOf(flags);
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        const reading = await openReading(project.config);
        try {
          const story = createStory(output);
          await runWhatIf(project, reading.ledger, request, story.events);
          return story.close();
        } finally {
          await reading.close();
        }
      }),
    );
}

function requestOf({ mapping, flow, since, drop }: WhatIfFlags): Parameters<typeof runWhatIf>[2] {
  const sinceMs = since === undefined ? undefined : parseDuration(since);
  if (since !== undefined && sinceMs === undefined) {
    throw new Failure('bad-usage', `--since ${since} is no time; write 12h or 7d`);
  }
  if (drop !== undefined && !/^\d{1,15}$/.test(drop)) {
    throw new Failure('bad-usage', `--drop ${drop} is no number of a drop; dray status shows them`);
  }
  return {
    mapping,
    ...(flow === undefined ? {} : { flow }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(drop === undefined ? {} : { dropId: Number(drop) }),
  };
}

/** Tells what would differ, and sums it up. */
function createStory(output: Output): { readonly events: WhatIfEvents; close(): ExitCode } {
  const totals = new Map<string, number>();
  let drops = 0;
  let gone = 0;
  let refused = 0;
  const events: WhatIfEvents = {
    gone(drop, paths) {
      gone++;
      const why = 'its bytes are no longer there, or are others, so it cannot be tried';
      output.tell({ event: 'gone', drop: drop.id, paths }, `drop ${drop.id} ${paths.join(', ')}: ${why}`);
    },
    document(drop, change) {
      totals.set(change.outcome, (totals.get(change.outcome) ?? 0) + 1);
      if (change.outcome !== 'same') tellDocument(output, drop, change);
    },
    drop(drop, counts, issues) {
      drops++;
      if (issues.length > 0 && !drop.isRefused) refused++;
      tellDrop(output, drop, counts, issues);
    },
  };
  return {
    events,
    close() {
      const counts = Object.fromEntries(totals);
      output.tell({ event: 'end', drops, gone, refusedDrops: refused, ...counts }, summary(drops, gone, totals));
      const isWorse = gone + refused + (totals.get('newly-refused') ?? 0) > 0;
      return isWorse ? exitCodes.rejected : exitCodes.well;
    },
  };
}

function tellDocument(output: Output, drop: DropView, { outcome, key, line, changes, issues }: DocumentChange): void {
  const lines = [
    `${outcome} ${key} (${nameOf(drop)} line ${line})`,
    ...changes.map(({ pointer, before, after }) => `    ${pointer}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`),
    ...issues.map((issue) => `    ${describeIssue(issue)}`),
  ];
  const found = issues.map((issue) => ({ code: issue.code, ...issue.where, message: describeIssue(issue) }));
  output.tell({ event: 'document', drop: drop.id, outcome, key, line, changes, issues: found }, lines.join('\n'));
}

function tellDrop(
  output: Output,
  drop: DropView,
  counts: ReadonlyMap<string, number>,
  issues: readonly Parameters<typeof describeIssue>[0][],
): void {
  const lines = [
    `drop ${drop.id} ${nameOf(drop)}: ${counted(counts)}`,
    ...issues.map((issue) => `    refused as a whole: ${describeIssue(issue)}`),
  ];
  const found = issues.map((issue) => ({ code: issue.code, ...issue.where, message: describeIssue(issue) }));
  output.tell(
    { event: 'drop', drop: drop.id, file: nameOf(drop), ...Object.fromEntries(counts), issues: found },
    lines.join('\n'),
  );
}

function summary(drops: number, gone: number, totals: ReadonlyMap<string, number>): string {
  const left = gone === 0 ? '' : `; ${gone} could not be tried`;
  return `${drops} ${drops === 1 ? 'drop' : 'drops'} tried: ${counted(totals)}${left}`;
}

function counted(counts: ReadonlyMap<string, number>): string {
  const told = [...counts].map(([outcome, count]) => `${count} ${outcome}`);
  return told.length === 0 ? 'no documents' : told.join(', ');
}

function nameOf(drop: DropView): string {
  const path = drop.files[0]?.path ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}
