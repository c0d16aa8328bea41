import type { Command } from 'commander';
import { missingFiles, type Missing } from '../app/incidents.ts';
import { lookAtFolders, type Look } from '../app/look.ts';
import { openReading, type Reading } from '../app/reading.ts';
import type { Config } from '../config/index.ts';
import { describeIssue } from '../core/issue.ts';
import type { Books, DocumentView, DropView } from '../core/ledger.ts';
import { nextPosition } from '../inbound/index.ts';
import type { Act } from './index.ts';
import { describeLayers, layersOf, type Layers } from './layers.ts';
import { describeRefused, refusedOf, type RefusedDocuments } from './refused-documents.ts';
import { describeWebhooks } from './status-webhooks.ts';
import { createOutput, exitCodes, type ExitCode, type Output } from './output.ts';
import { openProject } from './project.ts';
import { tellOutbound } from './status-outbound.ts';

const RECENT = 10;
const FOUND = 50;

export function addStatus(program: Command, act: Act): void {
  program
    .command('status')
    .description('what happened to a drop or a document, why a file is not being taken, and whether the books balance')
    .argument('[name]', "part of a drop's file name, or a document's key")
    .option('--json', 'one JSON object per line')
    .action(
      act(async (name: string | undefined, options: { json?: boolean }) => {
        const output = createOutput(options);
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        const reading = await openReading(project.config);
        try {
          const look = await lookAtFolders(project, reading);
          for (const folder of look.unseen) output.tell({ event: 'unseen', folder }, folder);
          return await (name === undefined
            ? tellAll(project.config, reading, look, output)
            : tellOne(project.config, reading, look, output, name));
        } finally {
          await reading.close();
        }
      }),
    );
}

async function tellAll(config: Config, reading: Reading, look: Look, output: Output): Promise<ExitCode> {
  const { books, drops, submissions, outbound, feeds, webhooks } = await reading.ledger.overview();
  const { waiting, troubles } = look;
  const isRunning = reading.running !== undefined;
  output.tell(
    { event: 'status', isRunning, books, balanced: isBalanced(books), drops, submissions, outbound, feeds, webhooks },
    isRunning ? 'dray is running' : 'dray is not running',
  );
  if (output.isForPeople) {
    output.text(describeBooks(books));
    output.text(`drops: ${counted(drops)}; submissions: ${counted(submissions)}; outbound files: ${counted(outbound)}`);
    for (const { provider, feed, cursor, items, gaps } of feeds) {
      output.text(`feed ${provider} ${feed}: ${items} items, cursor ${cursor || 'none'}, ${gaps} gaps watched`);
    }
    for (const one of webhooks) output.text(describeWebhooks(one));
  }
  await tellOutbound(config, reading, output);
  const missing = await missingFiles(config, reading.ledger, isRunning);
  tellMissing(output, missing);
  await tellSequences(config, reading, output);
  for (const file of waiting) tellWaiting(output, file);
  for (const trouble of troubles) output.tell({ event: 'trouble', trouble }, `trouble: ${trouble}`);
  for (const drop of await reading.ledger.drops({ limit: RECENT })) tellDrop(output, drop);
  return exitOf(books, troubles, missing);
}

// A file that is due every hour and stopped coming must not push everything else off the screen.
const MOST_MISSING = 20;

function tellMissing(output: Output, missing: readonly Missing[]): void {
  for (const { id, flow, text, label, recovery } of missing.slice(-MOST_MISSING)) {
    const close = id === undefined ? 'dray is not running' : `dray ledger close ${id}`;
    const note = label === 'incident' ? `\n  ${recovery}` : '';
    const fields =
      label === 'incident'
        ? { event: label, incident: id, flow, text }
        : { event: label, incident: id, flow, missing: text };
    output.tell({ ...fields, recovery }, `${label}: ${text} (${close})${note}`);
  }
  const more = missing.length - MOST_MISSING;
  if (more > 0)
    output.tell({ event: 'missing', more }, `missing: and ${more} before these; dray ledger list incidents`);
}

async function tellSequences(config: Config, reading: Reading, output: Output): Promise<void> {
  for (const { flow, number, waitingSince } of await reading.ledger.sequences()) {
    const rule = config.inbound.get(flow)?.sequence;
    if (rule === undefined) continue;
    const since = waitingSince === undefined ? undefined : new Date(waitingSince).toISOString();
    const { number: next } = nextPosition({ cycle: 0, number }, rule);
    const wait = since === undefined ? '' : `; number ${next} is waited for since ${since}`;
    output.tell(
      { event: 'sequence', flow, last: number, next, waitingSince: since },
      `sequence ${flow}: last ${number}${wait}`,
    );
  }
}

function tellWaiting(output: Output, file: Look['waiting'][number]): void {
  const flow = file.isStray === true ? '' : ` (${file.flow})`;
  output.tell({ event: 'waiting', ...file }, `waiting: ${file.path}${flow}: ${file.why}`);
}

async function tellOne(config: Config, reading: Reading, look: Look, output: Output, name: string): Promise<ExitCode> {
  const drops = await reading.ledger.drops({ name, limit: FOUND });
  const documents = await reading.ledger.documents({ key: name, limit: FOUND });
  const waiting = look.waiting.filter(({ path }) => path.includes(name));
  for (const file of waiting) tellWaiting(output, file);
  for (const drop of drops) {
    tellDrop(output, drop, await refusedOf(reading.ledger, drop));
    tellLeft(config, output, drop);
  }
  for (const document of documents) tellDocument(output, document, await layersOf(reading.ledger, document));
  if (drops.length + documents.length + waiting.length > 0) return exitCodes.well;
  const notRunning = reading.running === undefined ? ' dray is not running, so nothing is being taken.' : '';
  output.problem(`dray: no drop or document named ${name} is in the ledger.${notRunning}`);
  return exitCodes.rejected;
}

function tellDrop(output: Output, drop: DropView, refused?: RefusedDocuments): void {
  const { id, flow, state, isRefused, books } = drop;
  const path = drop.files[0]?.path ?? '';
  const outcome = isRefused ? `${state}, refused` : state;
  const issues = drop.issues.map((issue) => ({ code: issue.code, message: describeIssue(issue) }));
  const lines = [
    `drop ${id} ${path} (${flow}): ${outcome}; ${describeBooks(books)}`,
    ...issues.map(({ message }) => `  ${message}`),
    ...(refused === undefined ? [] : describeRefused(refused)),
  ];
  output.tell(
    {
      event: 'drop',
      id,
      flow,
      path,
      state,
      isRefused,
      books,
      balanced: isBalanced(books),
      isReported: drop.isReported,
      issues,
      ...(refused === undefined ? {} : { refused }),
    },
    lines.join('\n'),
  );
}

/** A refused file that stays where it is would not be taken again once what was wrong on our side is mended. */
function tellLeft(config: Config, output: Output, { id, flow, folder, files, isRefused, books }: DropView): void {
  const path = files[0]?.path ?? '';
  if (config.inbound.get(flow)?.original !== 'leave' || (!isRefused && books.rejected === 0)) return;
  const shown = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
  const hint = `it is not taken again as it is; once the fault is mended: dray ledger forget ${folder} ${shown}`;
  output.tell({ event: 'left', drop: id, folder, path, hint }, `  ${hint}`);
}

function tellDocument(output: Output, document: DocumentView, layers: Layers): void {
  const { key, type, file, line, status, submission } = document;
  const lines = [`${type} ${key} (${file} line ${line}): ${status}${reference(document)}`];
  for (const issue of document.issues) lines.push(`  ${describeIssue(issue)}`);
  for (const { attempt, purpose, startedAt, outcome, detail } of submission?.attempts ?? []) {
    lines.push(
      `  attempt ${attempt} ${new Date(startedAt).toISOString()} ${purpose}: ${outcome || 'no answer recorded'} ${detail}`,
    );
  }
  lines.push(...describeLayers(layers));
  output.tell({ event: 'document', ...document, layers }, lines.join('\n'));
}

function reference({ submission }: DocumentView): string {
  return submission === undefined || submission.reference === ''
    ? ''
    : `, ${submission.provider} reference ${submission.reference}`;
}

function describeBooks(books: Books): string {
  const { records, accepted, rejected, held, ignored, waiting } = books;
  const parts = `${accepted} accepted + ${rejected} rejected + ${held} held + ${ignored} ignored + ${waiting} waiting`;
  return `${records} records read = ${parts}${isBalanced(books) ? '' : ' (THE BOOKS DO NOT BALANCE)'}`;
}

function isBalanced({ records, accepted, rejected, held, ignored, waiting }: Books): boolean {
  return records === accepted + rejected + held + ignored + waiting;
}

function counted(counts: Readonly<Record<string, number>>): string {
  const told = Object.entries(counts).map(([state, number]) => `${number} ${state}`);
  return told.length === 0 ? 'none' : told.join(', ');
}

function exitOf(books: Books, troubles: readonly string[], missing: readonly Missing[]): ExitCode {
  if (troubles.length > 0) return exitCodes.unable;
  return books.held + missing.length > 0 ? exitCodes.rejected : exitCodes.well;
}
