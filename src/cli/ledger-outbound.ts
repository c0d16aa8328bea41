import type { Command } from 'commander';
import { openReading } from '../app/reading.ts';
import { decide, recollectable } from '../app/outbound-files.ts';
import type { Config } from '../config/index.ts';
import { Failure } from '../core/failure.ts';
import type { LedgerReader, OutboundFile } from '../core/ledger.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes } from './output.ts';
import { openProject } from './project.ts';

const PAGE = 500;

/** What people do about files that went back. */
export function addOutboundDecisions(ledger: Command, program: Command, act: Act): void {
  const configured = (): string => program.opts<{ config: string }>().config;
  ledger
    .command('rewrite')
    .description('write a delivered file again, byte for byte under its name, as long as its bytes are kept')
    .argument('<file>', 'its path in the folder, its name, or its id in the book')
    .action(
      act(async (name: string) => {
        const output = createOutput();
        const project = await openProject(configured(), output);
        if (project === undefined) return exitCodes.usage;
        const { file, newest } = await findFile(project.config, name, ({ state }) => state === 'published');
        if (newest !== undefined) throw new Failure('bad-usage', replacedBy(file, newest));
        const isKept = await decide(project.config, (decisions) => decisions.rewriteFile(file.id));
        const said = isKept
          ? 'is written again with the same bytes'
          : 'cannot be written again: its bytes are not kept';
        output.tell({ event: 'rewritten', file: file.path, id: file.id, isKept }, `${file.path}: ${said}`);
        return isKept ? exitCodes.well : exitCodes.rejected;
      }),
    );
  ledger
    .command('recollect')
    .description('read a feed again from a cursor into a new file, whatever was written before')
    .argument('<flow>', 'name of an outbound flow')
    .requiredOption('--from <cursor>', 'as dray status shows it: a number, or a time')
    .action(
      act(async (flow: string, { from }: { from: string }) => {
        const output = createOutput();
        const project = await openProject(configured(), output);
        if (project === undefined) return exitCodes.usage;
        const problem = recollectable(project, flow, from);
        if (problem !== undefined) throw new Failure('bad-usage', `${flow} cannot be collected again: ${problem}`);
        await decide(project.config, (decisions) => decisions.recollectFlow(flow, from));
        output.tell(
          { event: 'recollecting', flow, from },
          `${flow}: its next run also reads from ${from} again, into a file of its own with a new number`,
        );
        return exitCodes.well;
      }),
    );
  ledger
    .command('void')
    .description('withdraw a file that is not out yet: its number stays void, its rows come in the next file')
    .argument('<file>', 'its path in the folder, its name, or its id in the book')
    .action(
      act(async (name: string) => {
        const output = createOutput();
        const project = await openProject(configured(), output);
        if (project === undefined) return exitCodes.usage;
        const { file } = await findFile(project.config, name, ({ state }) => state !== 'published');
        const isVoid = await decide(project.config, (decisions) => decisions.withdrawFile(file.id));
        const said = isVoid
          ? `withdrawn; number ${file.sequence} is void and its rows come in the next file`
          : 'cannot be withdrawn: it is out, it holds growing counts, or only a running dray can tell';
        output.tell({ event: 'void', file: file.path, sequence: file.sequence, isVoid }, `${file.path}: ${said}`);
        return isVoid ? exitCodes.well : exitCodes.rejected;
      }),
    );
}

function replacedBy({ id, path }: OutboundFile, newest: OutboundFile): string {
  const advice =
    newest.state === 'published'
      ? `dray ledger rewrite ${newest.id} writes the newest one again`
      : `the newest one, ${newest.id}, is about to go out`;
  return `${path} (${id}) cannot be written again, a later file has its name: ${advice}`;
}

interface FoundFile {
  readonly file: OutboundFile;
  /** A later file with its name. */
  readonly newest: OutboundFile | undefined;
}

/** The newest file of an outbound flow with this path, name or id. @throws Failure bad-usage when there is none. */
async function findFile(config: Config, name: string, isMeant: (file: OutboundFile) => boolean): Promise<FoundFile> {
  const reading = await openReading(config);
  const newest = new Map<string, OutboundFile>();
  try {
    for await (const file of allFiles(reading.ledger)) {
      if (file.kind !== 'feed') continue;
      const place = `${file.folder}\n${file.path}`;
      const isNamed = file.path === name || file.path.endsWith(`/${name}`) || String(file.id) === name;
      if (isNamed && isMeant(file)) return { file, newest: newest.get(place) };
      // Names without a rule for replacing come once.
      if (file.replaces !== undefined && !newest.has(place)) newest.set(place, file);
    }
  } finally {
    await reading.close();
  }
  throw new Failure('bad-usage', `no such file of an outbound flow is in the ledger: ${name}`);
}

async function* allFiles(ledger: LedgerReader): AsyncGenerator<OutboundFile> {
  let before: number | undefined;
  for (;;) {
    const page = await ledger.outboundFiles({ limit: PAGE, ...(before === undefined ? {} : { before }) });
    yield* page;
    before = page.at(-1)?.id;
    if (before === undefined) return;
  }
}
