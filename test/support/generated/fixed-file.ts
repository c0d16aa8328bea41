import type { FormatOptions } from '../../../src/core/format.ts';
import { atomsOf, diceOf, textOf, type Dice, type Seed } from './content.ts';
import { codecOf, NEL_MARK } from './encode.ts';
import { filled, measureOf, placed, valueOf, type FixedPlan, type PlacedField } from './fixed-plan.ts';
import { lineCounter, type Expected, type GeneratedFile } from './generated-file.ts';

const SIGNS = { head: 'HD', special: 'LN', line: 'LN', end: 'TR' } as const;
type TypeName = keyof typeof SIGNS;

/** The layouts of a file: of its one kind of records under '', else by record type. */
interface Layouts {
  readonly fields: Readonly<Record<string, readonly PlacedField[]>>;
  readonly length: number;
  readonly specialAt: number;
}

function layoutsOf(plan: FixedPlan): Layouts {
  const measure = measureOf(plan);
  const sign = measure('LN');
  // Behind the sign of a line stands one character more in special ones.
  const specialAt = sign + 1;
  const behind = sign + measure('*') + 1;
  const all = placed(plan, plan.hasTypes ? behind : 1);
  const last = all.at(-1);
  const length = (last === undefined ? behind : last.at - 1 + last.length) + measure('  ');
  if (!plan.hasTypes) return { fields: { '': all }, length, specialAt };
  return { fields: { head: all, special: all.slice(0, 1), line: all.slice(-2), end: [] }, length, specialAt };
}

interface Line {
  readonly text: string;
  readonly record?: Omit<Expected, 'line'>;
  readonly isPassed?: boolean;
  readonly isWhole: boolean;
}

/** Writes a fixed-width file by hand. */
export function fixedByHand(plan: FixedPlan): GeneratedFile {
  const dice = diceOf(plan.rolls);
  const layouts = layoutsOf(plan);
  const titles = plan.titles.map((numbers): Line => ({ text: titleOf(numbers, plan, layouts), isWhole: true }));
  const rows = plan.isLarge ? enlarged(plan.rows, layouts.length) : plan.rows;
  const records = rows.flatMap((row) => linesOf(row, plan, layouts, dice));
  const lines = [...titles, ...records];
  const end = lineEnder(plan, dice);
  const hasEnd = plan.isBlocks || dice(5) < 4 || lines.at(-1)?.isWhole === false;
  const isMarked = plan.hasMark && plan.encoding.startsWith('utf-');
  const body = lines.map(
    ({ text }, index) => text + (!plan.isBlocks && (hasEnd || index < lines.length - 1) ? end() : ''),
  );
  const tail = hasEnd ? (['', '', '\u001a', plan.isBlocks ? '\r\n' : '\n', ''][dice(5)] ?? '') : '';
  const text = (isMarked ? '\ufeff' : '') + body.join('') + tail;
  const bytes = codecOf(plan.encoding).encode(text);
  if (bytes === undefined) throw new Error(`a text that ${plan.encoding} cannot hold`);
  return {
    format: 'fixed',
    by: 'hand',
    encoding: plan.encoding,
    options: optionsOf(plan, layouts, titles.length),
    bytes,
    records: expectedOf(lines, body, isMarked, plan, text),
    columns: Object.fromEntries(
      Object.entries(layouts.fields).map(([type, fields]) => [type, fields.map(({ name }) => name)]),
    ),
    passedOver: lines.filter(({ isPassed }) => isPassed).length,
    notices: hasEnd ? [] : ['no-final-newline'],
  };
}

function expectedOf(
  lines: readonly Line[],
  body: readonly string[],
  isMarked: boolean,
  plan: FixedPlan,
  text: string,
): readonly Expected[] {
  const lineAt = lineCounter(text.replaceAll(NEL_MARK, '\n'));
  const records: Expected[] = [];
  let offset = isMarked ? 1 : 0;
  for (const [index, { record }] of lines.entries()) {
    // Without line ends they are counted in records.
    const line = plan.isBlocks ? index + 1 : lineAt(offset);
    if (record !== undefined) records.push({ line, ...record });
    offset += body[index]?.length ?? 0;
  }
  return records;
}

function enlarged(rows: FixedPlan['rows'], length: number): FixedPlan['rows'] {
  return Array.from({ length: Math.ceil(140_000 / (length * rows.length)) }, () => rows).flat();
}

function lineEnder({ lineEnd, encoding }: FixedPlan, dice: Dice): () => string {
  const choices = encoding.startsWith('ebcdic') ? ['\n', '\r\n', '\r', NEL_MARK] : ['\n', '\r\n', '\r'];
  return () => choices[lineEnd < choices.length ? lineEnd : dice(choices.length)] ?? '\n';
}

/** A line above the records, any text; without line ends it is as long as a record. */
function titleOf(numbers: Seed, plan: FixedPlan, { length }: Layouts): string {
  const field: PlacedField = { name: '', at: 1, length, gap: 0, pad: undefined, align: 'left' };
  const atoms = atomsOf(plan.encoding, false);
  return plan.isBlocks ? filled('title', field, plan) : `Title ${textOf(numbers, atoms)}`;
}

/** A record, and perhaps a line behind it that is none. */
function linesOf(row: readonly Seed[], plan: FixedPlan, layouts: Layouts, dice: Dice): readonly Line[] {
  const record = recordLine(row, plan, layouts, dice);
  const roll = dice(12);
  if (roll === 11 && !plan.isBlocks) return [{ text: [' ', '', '   '][dice(3)] ?? '', isWhole: false }, record];
  if (roll !== 10) return [record];
  const field: PlacedField = { name: '', at: 1, length: layouts.length, gap: 0, pad: undefined, align: 'left' };
  return [record, { text: filled('*** 7', field, plan), isPassed: true, isWhole: true }];
}

function recordLine(row: readonly Seed[], plan: FixedPlan, layouts: Layouts, dice: Dice): Line {
  const names: readonly TypeName[] = ['line', 'head', 'special', 'end'];
  const type = plan.hasTypes ? names[dice(4)] : undefined;
  const fields = layouts.fields[type ?? ''] ?? [];
  const measure = measureOf(plan);
  let text = type === undefined ? '' : SIGNS[type] + (type === 'special' ? '*' : '');
  const spans: { from: number; to: number; value: string | undefined }[] = [];
  for (const [index, field] of fields.entries()) {
    text += blanks(field.at - 1 - measure(text), measure);
    const value = valueOf(field, row[index] ?? [], index === 0 && type === undefined, plan);
    const from = text.length;
    text += filled(value, field, plan);
    spans.push({ from, to: text.length, value: field.pad === undefined ? undefined : value });
  }
  text += blanks(layouts.length - measure(text), measure);
  const roll = plan.isBlocks || plan.isStrict ? 0 : dice(4);
  const written = roll === 3 ? text.replace(/ +$/, '') : roll === 2 ? `${text}   ` : text;
  // A field that names its padding is read without it; others as they stand, as far as the line goes.
  const cells = spans.map(({ from, to, value }) => value ?? written.slice(from, to));
  const record = fields.length === 0 ? { cells: [written] } : { cells };
  return { text: written, record: type === undefined ? record : { type, ...record }, isWhole: roll !== 3 };
}

function blanks(units: number, measure: (text: string) => number): string {
  return ' '.repeat(Math.max(Math.floor(units / measure(' ')), 0));
}

function optionsOf(plan: FixedPlan, layouts: Layouts, titles: number): FormatOptions {
  const declared = (fields: readonly PlacedField[]): object =>
    Object.fromEntries(
      fields.map(({ name, at, length, pad, align }) => [
        name,
        pad === undefined ? [at, length] : { at, length, pad, align },
      ]),
    );
  const { head = [], special = [], line = [], '': only = [] } = layouts.fields;
  const types = {
    head: { is: SIGNS.head, role: 'envelope', fields: declared(head) },
    special: {
      is: [
        { at: 1, text: SIGNS.special },
        { at: layouts.specialAt, text: '*' },
      ],
      fields: declared(special),
    },
    line: { is: SIGNS.line, fields: declared(line) },
    end: { is: SIGNS.end, role: 'trailer' },
  };
  return {
    encoding: plan.encoding,
    unit: plan.unit,
    length: layouts.length,
    ignore: '***',
    ...(plan.isBlocks ? { lineEnds: 'none' } : {}),
    ...(plan.hasTypes ? { records: types } : { fields: declared(only) }),
    ...(titles === 0 ? {} : { header: { lines: titles } }),
    ...(plan.isStrict ? { short: 'reject', long: 'reject' } : {}),
    ...(plan.hasTabs ? { tabs: 'keep' } : {}),
  };
}
