import { Argument, type Command } from 'commander';
import { inWords } from '../app/incidents.ts';
import { openReading, type Reading } from '../app/reading.ts';
import { Failure } from '../core/failure.ts';
import type { LedgerReader } from '../core/ledger.ts';
import type { Act } from './index.ts';
import { layersOf } from './layers.ts';
import { addDecisions } from './ledger-decisions.ts';
import { addOutboundDecisions } from './ledger-outbound.ts';
import { createOutput, exitCodes, type Output } from './output.ts';
import { openProject } from './project.ts';

const PAGE = 500;

/** Reads one page of a part of the book, newest first. */
type Lister = (
  ledger: LedgerReader,
  page: { limit: number; before?: number },
) => Promise<readonly { readonly id: number }[]>;

const parts: Readonly<Record<string, Lister>> = {
  drops: (ledger, page) => ledger.drops(page),
  documents: (ledger, page) => ledger.documents(page),
  submissions: async (ledger, page) =>
    (await ledger.submissions(page)).filter((submission) => submission !== undefined),
  items: (ledger, page) => ledger.feedItems(page),
  incidents: async (ledger, page) =>
    (await ledger.incidents(page)).map((incident) => ({ ...incident, ...inWords(incident) })),
  files: (ledger, page) => ledger.outboundFiles(page),
};

export function addLedger(program: Command, act: Act): void {
  const ledger = program.command('ledger').description('the book of everything that was taken, sent, read and written');
  const reading = async (output: Output, work: (reading: Reading) => Promise<void>): Promise<0 | 2> => {
    const project = await openProject(program.opts<{ config: string }>().config, output);
    if (project === undefined) return exitCodes.usage;
    const opened = await openReading(project.config);
    try {
      await work(opened);
    } finally {
      await opened.close();
    }
    return exitCodes.well;
  };
  ledger
    .command('list')
    .description('one JSON object per entry, newest first')
    .addArgument(new Argument('<part>').choices(Object.keys(parts)))
    .option('--limit <number>', 'at most so many', '1000000')
    .action(
      act((part: string, options: { limit: string }) => {
        const output = createOutput({ json: true });
        return reading(output, ({ ledger: book }) => list(book, part, Number(options.limit), output));
      }),
    );
  ledger
    .command('show')
    .description('everything about one document, by its key')
    .argument('<key>')
    .action(
      act((key: string) => {
        const output = createOutput({ json: true });
        return reading(output, ({ ledger: book }) => show(book, key, output));
      }),
    );
  addDecisions(ledger, program, act);
  addOutboundDecisions(ledger, program, act);
}

async function list(ledger: LedgerReader, part: string, limit: number, output: Output): Promise<void> {
  const read = parts[part];
  let before: number | undefined;
  let left = limit;
  while (read !== undefined && left > 0) {
    const page = await read(ledger, { limit: Math.min(PAGE, left), ...(before === undefined ? {} : { before }) });
    for (const entry of page) output.tell({ ...entry }, '');
    left -= page.length;
    before = page.at(-1)?.id;
    if (page.length === 0 || before === undefined) return;
  }
}

async function show(ledger: LedgerReader, key: string, output: Output): Promise<void> {
  const documents = await ledger.documents({ key, limit: PAGE });
  if (documents.length === 0) throw new Failure('bad-usage', `no document with the key ${key} is in the ledger`);
  for (const document of documents) output.tell({ ...document, layers: await layersOf(ledger, document) }, '');
}
