import { relative } from 'node:path';
import process from 'node:process';
import type { Missing } from '../app/incidents.ts';
import type { OwedReport } from '../app/owed-reports.ts';
import type { Project } from '../app/project.ts';
import type { Config, InboundConfig } from '../config/index.ts';
import type { Drop, OutboundFile } from '../core/ledger.ts';
import type { InboundEvents } from '../inbound/index.ts';
import type { OutboundEvents } from '../outbound/index.ts';
import { dim, exitCodes, type ExitCode, type Output } from './output.ts';
import { version } from './version.ts';

/** Tells a run while it happens, and sums it up. */
export interface Story {
  readonly events: InboundEvents & OutboundEvents;
  opened(project: Project, sandboxUrl: string | undefined): void;
  /** Reports of earlier processes, by drop: they count when their files go out. */
  owes(reports: ReadonlyMap<number, OwedReport>): void;
  closed(isOnce: boolean, leftovers: Leftovers): ExitCode;
}

/** What a run leaves undone. */
export interface Leftovers {
  readonly troubles: readonly string[];
  /** Files that are there and were not taken. */
  readonly left: readonly LeftFile[];
  /** Files that should be there. */
  readonly missing: readonly Missing[];
  /** Documents that can only wait behind held ones. */
  readonly blocked: number;
}

export interface LeftFile {
  readonly path: string;
  readonly why: string;
  /** No flow picks it: it is named, and nothing is wrong. */
  readonly isStray?: boolean;
  /** Somebody else will take it: it is named, and nothing is wrong. */
  readonly isExpected?: boolean;
}

interface Counts {
  drops: number;
  refused: number;
  accepted: number;
  rejected: number;
  held: number;
  files: number;
}

export function createStory(output: Output, config: Config): Story {
  const counts: Counts = { drops: 0, refused: 0, accepted: 0, rejected: 0, held: 0, files: 0 };
  const owed = new Map<number, OwedReport>();
  const refusedNow = new Map<string, number>();
  const place = (folder: string, path: string): string => {
    const { sftp, path: own = folder } = config.folders.get(folder) ?? {};
    return sftp === undefined ? `${relative(process.cwd(), own) || '.'}/${path}` : `${folder}:${path}`;
  };
  const events: InboundEvents & OutboundEvents = {
    taken(flow, name, how) {
      if (how === 'changed' || how === 'waiting') return;
      if (how === 'held') counts.held++;
      else counts.drops++;
      if (how === 'refused') {
        counts.refused++;
        refusedNow.set(flow, (refusedNow.get(flow) ?? 0) + 1);
      }
      output.tell({ event: 'drop', flow, name, state: how }, `${clock()} ${flow}: ${name} ${how}`);
    },
    answered: createProgress(output),
    reported(drop, outcomes) {
      // Who took it may have ended before it could say so.
      const told = refusedNow.get(drop.flow) ?? 0;
      if (drop.isRefused && told === 0) counts.refused++;
      else if (drop.isRefused) refusedNow.set(drop.flow, told - 1);
      counts.accepted += outcomes.accepted;
      counts.rejected += outcomes.rejected;
      counts.held += outcomes.held;
      const ends = Object.entries(outcomes)
        .filter(([, number]) => number > 0)
        .map(([status, number]) => `${number} ${status.replace('-', ' ')}`)
        .join(', ');
      const name = nameOf(drop);
      output.tell(
        { event: 'report', flow: drop.flow, name, refused: drop.isRefused, ...outcomes },
        `${clock()} ${drop.flow}: ${name}: ${ends || (drop.isRefused ? 'refused' : 'no documents')}`,
      );
    },
    incident(text, isOpen) {
      output.tell(
        { event: isOpen ? 'missing' : 'late', text },
        `${clock()} ${isOpen ? 'missing' : 'came late'}: ${text}`,
      );
    },
    awaited(text, isOpen) {
      output.tell({ event: isOpen ? 'incident' : 'over', text }, `${clock()} ${isOpen ? 'incident' : 'over'}: ${text}`);
    },
    published(file) {
      counts.files++;
      countOwed(file, owed, counts);
      tellFile(output, file, place(file.folder, file.path));
    },
  };
  return {
    events,
    owes(reports) {
      for (const [dropId, report] of reports) owed.set(dropId, report);
    },
    opened: (project, sandboxUrl) => tellOpened(output, project, sandboxUrl, place),
    closed(isOnce, { troubles, left, missing, blocked }) {
      for (const { path, why } of left) output.problem(`dray: not taken: ${path}: ${why}`);
      for (const { text, label } of missing) output.problem(`dray: ${label}: ${text}`);
      if (blocked > 0) output.problem(`dray: ${waitingBehind(blocked)}`);
      for (const trouble of troubles) output.problem(`dray: ${trouble}`);
      const ours = left.filter(({ isStray, isExpected }) => isStray !== true && isExpected !== true).length;
      const fields = {
        event: 'end',
        ...counts,
        left: ours,
        missing: missing.length,
        blocked,
        troubles: troubles.length,
      };
      output.tell(
        fields,
        `${counts.drops} drops, ${counts.accepted} accepted, ${counts.rejected} rejected, ${counts.held} held, ${counts.files} files written`,
      );
      if (troubles.length > 0) return exitCodes.unable;
      const hasBad = counts.rejected + counts.held + counts.refused + ours + missing.length + blocked > 0;
      return isOnce && hasBad ? exitCodes.rejected : exitCodes.well;
    },
  };
}

/** Once for each drop, whichever of its files goes out first. */
function countOwed({ kind, dropId = 0 }: OutboundFile, owed: Map<number, OwedReport>, counts: Counts): void {
  const report = owed.get(dropId);
  if (report === undefined || kind === 'received') return;
  owed.delete(dropId);
  counts.rejected += report.rejected;
  counts.held += report.held;
  if (report.isRefused) counts.refused++;
}

function waitingBehind(count: number): string {
  const what = count === 1 ? '1 document waits' : `${count} documents wait`;
  return `${what} behind held ones with the same key: dray ledger release KEY or dray ledger give-up KEY lets them go on`;
}

const PROGRESS_MS = 5000;

/** Shows people that long work goes on: a line now and then, none for work that is short. */
function createProgress(output: Output): () => void {
  let answers = 0;
  let toldAt = performance.now();
  let lastAt = toldAt;
  return () => {
    const now = performance.now();
    // After a pause a new stretch of work begins.
    if (now - lastAt > PROGRESS_MS) {
      toldAt = now;
      answers = 0;
    }
    lastAt = now;
    answers++;
    if (!output.isForPeople || now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    output.text(`${clock()} ${answers} requests answered, going on`);
  };
}

function nameOf(drop: Drop): string {
  const path = drop.files[0]?.path ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Where a flow's documents go; several when each says it itself. */
function operationsOf({ provider, operation, choice, acknowledges }: InboundConfig): string {
  if (acknowledges.length > 0) return `acknowledges ${acknowledges.join(', ')}`;
  const names = choice === undefined ? [operation] : new Set(Object.values(choice.table));
  return `${provider} ${[...names].join(' | ')}`;
}

function tellFile(output: Output, file: OutboundFile, path: string): void {
  const { flow, kind, rows } = file;
  const what = { feed: 'wrote', received: 'received', result: 'result', rejects: 'to mend' }[kind];
  output.tell(
    { event: 'file', flow, kind, path, rows },
    `${clock()} ${flow}: ${what} ${path} ${dim(`(${rows} ${rows === 1 ? 'row' : 'rows'})`)}`,
  );
}

function tellOpened(
  output: Output,
  { config }: Project,
  sandboxUrl: string | undefined,
  place: (folder: string, path: string) => string,
): void {
  const text = [
    `dray ${version} watches ${config.inbound.size} inbound and ${config.outbound.size} outbound flows of ${config.file}`,
  ];
  for (const [name, flow] of config.inbound) {
    const pick = flow.directory === '' ? flow.pattern : `${flow.directory}/${flow.pattern}`;
    text.push(`  ${name}: ${place(flow.folder, pick)} → ${operationsOf(flow)}`);
  }
  for (const [name, flow] of config.outbound)
    text.push(`  ${name}: ${flow.provider} ${flow.feed} → ${place(flow.folder, flow.file)}`);
  if (sandboxUrl !== undefined)
    text.push(dim(`  provider sandbox on ${sandboxUrl}; ctrl-C ends, npx dray status tells more`));
  output.tell(
    { event: 'start', version, inbound: config.inbound.size, outbound: config.outbound.size, sandbox: sandboxUrl },
    text.join('\n'),
  );
}

function clock(): string {
  return dim(new Date().toTimeString().slice(0, 8));
}
