import * as fc from 'fast-check';
import { checkArchive, checkSheet } from './check-book.ts';
import { checkDamaged, checkTable, type Comparison } from './check-damaged.ts';
import { checkSound } from './check-sound.ts';
import { checkTrees } from './check-trees.ts';
import { seed, type Seed } from './content.ts';
import { csvByHand } from './csv-file.ts';
import { csvHonestly } from './csv-honest.ts';
import { csvPlan } from './csv-plan.ts';
import { csvWritten } from './csv-written.ts';
import { damage, damaged, type Damage } from './damage.ts';
import { fixedByHand } from './fixed-file.ts';
import { fixedHonestly } from './fixed-honest.ts';
import { fixedPlan } from './fixed-plan.ts';
import { fixedWritten } from './fixed-written.ts';
import type { FormatName, GeneratedFile } from './generated-file.ts';
import { jsonByHand, ndjsonByHand, treePlan } from './json-file.ts';
import type { Reading, Source } from './reading.ts';
import { treesWritten } from './tree-written.ts';
import { xlsxByHand, type GeneratedBook } from './xlsx-file.ts';
import { xlsxPlan } from './xlsx-plan.ts';
import { xlsxWritten } from './xlsx-written.ts';

/** Told of every case before anything is done with it, and of every file, what it was and what became of it. */
export interface Tell {
  begun(drawn: unknown): void;
  /** A case has failed; false from then on when enough time was spent on finding a smaller one. */
  failed(): void;
  isPatient(): boolean;
  ended(format: FormatName, encoding: string, what: string, end: string): void;
}

interface Maker<Plan, File extends GeneratedFile> {
  readonly plan: fc.Arbitrary<Plan>;
  readonly byHand: (plan: Plan) => File | Promise<File>;
  readonly written: (plan: Plan) => Promise<GeneratedFile>;
  readonly damage: (file: File, other: GeneratedFile, damages: readonly Damage[]) => Promise<Damaged>;
}

interface Damaged {
  readonly source: Source;
  readonly compare: Comparison;
  readonly what: string;
}

/** One drawn file of a format after another: written by hand and by the format, read; damaged, read. */
export type Property = (tell: Tell) => fc.IAsyncProperty<unknown>;

function propertyOf<Plan, File extends GeneratedFile>(maker: Maker<Plan, File>): Property {
  const damages = fc.array(damage, { minLength: 1, maxLength: 2 });
  return (tell) =>
    fc.asyncProperty(maker.plan, damages, seed, async (plan: Plan, drawn: readonly Damage[], cuts: Seed) => {
      if (!tell.isPatient()) return;
      tell.begun([plan, drawn, cuts]);
      try {
        await runCase(maker, plan, drawn, cuts, tell);
      } catch (error) {
        tell.failed();
        throw error;
      }
    });
}

async function runCase<Plan, File extends GeneratedFile>(
  maker: Maker<Plan, File>,
  plan: Plan,
  drawn: readonly Damage[],
  cuts: Seed,
  tell: Tell,
): Promise<void> {
  const file = await maker.byHand(plan);
  await checkSound(file, cuts);
  tell.ended(file.format, file.encoding, 'sound, by hand', 'read');
  const written = await maker.written(plan);
  await checkSound(written, cuts);
  tell.ended(written.format, written.encoding, 'sound, written', 'read');
  const { source, compare, what } = await maker.damage(file, written, drawn);
  const reading = await checkDamaged(source, cuts, compare);
  tell.ended(file.format, file.encoding, what, endOf(reading));
}

function endOf({ refused, records }: Reading): string {
  if (refused !== undefined) return 'refused';
  return records.some(({ issues }) => issues !== undefined) ? 'issues' : 'read';
}

function damagedText(file: GeneratedFile, other: GeneratedFile, damages: readonly Damage[]): Source & { what: string } {
  let { bytes } = file;
  for (const each of damages)
    bytes = damaged({ ...file, bytes }, each, each.other % 2 === 0 ? other.bytes : file.bytes);
  // What is counted in bytes cannot be replaced: their number is not known.
  const isReplacing = (damages[0]?.what ?? 0) % 4 === 3 && file.options['unit'] !== 'bytes';
  const options = isReplacing ? { ...file.options, onBad: 'replace' } : file.options;
  return { format: file.format, options, bytes, what: damages.map(({ kind }) => kind).join(' + ') };
}

const damageTable = (
  honestly: (source: Source) => Parameters<typeof checkTable>[0],
): Maker<never, GeneratedFile>['damage'] =>
  function damageFile(file, other, damages) {
    const { what, ...source } = damagedText(file, other, damages);
    return Promise.resolve({ source, what, compare: checkTable(honestly(source), source) });
  };

const damageTrees: Maker<never, GeneratedFile>['damage'] = (file, other, damages) => {
  const { what, ...source } = damagedText(file, other, damages);
  return Promise.resolve({ source, what, compare: (reading, raw) => checkTrees(source, reading, raw) });
};

/** Half of them outside, in the archive, half inside, before they are packed. */
async function damageBook(book: GeneratedBook, other: GeneratedFile, damages: readonly Damage[]): Promise<Damaged> {
  const [first] = damages;
  if (first === undefined) return { source: book, what: 'none', compare: (reading) => checkArchive(book, reading) };
  const { format, options } = book;
  if (first.other % 2 === 0) {
    const bytes = damaged(book, first, first.at % 2 === 0 ? book.bytes : other.bytes);
    // An archive behind another one may be read as if it stood alone.
    const isJoined = first.kind === 'join' && first.at % 2 === 1;
    const compare: Comparison = (reading) => (isJoined ? undefined : checkArchive(book, reading));
    return { source: { format, options, bytes }, what: `archive: ${first.kind}`, compare };
  }
  const sheet = damaged({ ...book, bytes: book.sheet }, first, book.sheet);
  const source = { format, options, bytes: await book.rebuild(sheet) };
  return { source, what: `sheet: ${first.kind}`, compare: (reading) => checkSheet(book, sheet, reading) };
}

export const properties: Readonly<Record<FormatName, Property>> = {
  csv: propertyOf({ plan: csvPlan, byHand: csvByHand, written: csvWritten, damage: damageTable(csvHonestly) }),
  fixed: propertyOf({
    plan: fixedPlan,
    byHand: fixedByHand,
    written: fixedWritten,
    damage: damageTable(fixedHonestly),
  }),
  json: propertyOf({
    plan: treePlan,
    byHand: jsonByHand,
    written: (plan) => treesWritten('json', plan),
    damage: damageTrees,
  }),
  ndjson: propertyOf({
    plan: treePlan,
    byHand: ndjsonByHand,
    written: (plan) => treesWritten('ndjson', plan),
    damage: damageTrees,
  }),
  xlsx: propertyOf({ plan: xlsxPlan, byHand: xlsxByHand, written: xlsxWritten, damage: damageBook }),
};
