import type { CellFinding, FileFacts, FormatOptions, RecordColumns } from '../../core/format.ts';
import { guardFormula } from '../../core/formula-guard.ts';
import { say } from '../../core/text.ts';
import { createCharset, type Charset } from './charset.ts';
import { cellRules, type CellRules } from './cell-options.ts';
import type { PlaceTemplate } from './places.ts';
import { namesOfType, optionsOfType } from './record-columns.ts';
import { isPlainNumber, type Totals } from './totals.ts';

/** Turns the texts of rows into what stands in the file, and says beforehand what cannot. */
export interface Cells {
  write(row: readonly string[]): readonly string[];
  check(row: readonly string[]): readonly CellFinding[];
  /** The names of the columns, which no rule for values cuts. */
  names(): readonly string[];
  /** A value of a record around the rows. */
  own(template: PlaceTemplate, facts: FileFacts | undefined, totals: Totals): string;
}

/** `summed`: columns whose values are added up. `encoding`: undefined where every character can be written. */
export function createCells(
  columns: readonly string[],
  options: FormatOptions,
  summed: readonly string[],
  encoding?: string,
): Cells {
  const rules = cellRules(options);
  const charset = encoding === undefined ? undefined : createCharset(encoding, rules);
  const columnRules = columns.map((name) => ({
    name,
    isNumber: rules.numbers.has(name),
    mustAdd: rules.numbers.has(name) || summed.includes(name),
    length: rules.lengths.get(name),
  }));
  const isPlain = rules.isPlain && charset?.changes !== true;
  return {
    write: (row) =>
      isPlain
        ? row
        : row.map((text, column) => {
            const { isNumber = false, length } = columnRules[column] ?? {};
            const spelt = charset?.spell(text) ?? text;
            const cut = length?.overflow === 'cut' ? firstCharacters(spelt, length.length) : spelt;
            return finish(cut, isNumber, rules);
          }),
    check: (row) =>
      row.flatMap((text, column): readonly CellFinding[] => {
        const rule = columnRules[column];
        return rule === undefined ? [] : checkCell(text, rule, charset);
      }),
    names: () => columns.map((name) => finish(charset?.spell(name) ?? name, false, rules)),
    own: (template, facts, totals) => {
      const marked: Totals = {
        rows: totals.rows,
        records: totals.records,
        ofType: (type) => totals.ofType(type),
        sum: (column) => totals.sum(column).replace('.', rules.decimalMark),
      };
      const text = template.text(facts, marked);
      return template.isNumber ? text : finish(charset?.spell(text) ?? text, false, rules);
    },
  };
}

/** The same for each record type. */
export function cellsOfTypes(
  types: RecordColumns,
  options: FormatOptions,
  summed: readonly string[],
  encoding?: string,
): ReadonlyMap<string, Cells> {
  return new Map(
    [...types].map(([type, columns]) => {
      const own = optionsOfType(options, type, columns);
      return [type, createCells(columns, own, namesOfType(summed, type, columns), encoding)];
    }),
  );
}

function finish(text: string, isNumber: boolean, { decimalMark, isForPeople }: CellRules): string {
  if (isNumber && isPlainNumber(text)) return decimalMark === '.' ? text : text.replace('.', decimalMark);
  return isForPeople ? guardFormula(text) : text;
}

interface ColumnRule {
  readonly name: string;
  readonly mustAdd: boolean;
  readonly length: { readonly length: number; readonly overflow: 'fail' | 'cut' } | undefined;
}

function checkCell(text: string, rule: ColumnRule, charset: Charset | undefined): readonly CellFinding[] {
  const { name: column, mustAdd, length } = rule;
  const findings: CellFinding[] = [];
  if (mustAdd && text !== '' && !isPlainNumber(text)) {
    findings.push({
      code: 'not-a-number',
      column,
      hint: say`Mend the mapping: write.numbers and sums need plain numbers.`,
    });
  }
  const lacking = charset?.lacks(text);
  if (lacking !== undefined) findings.push(unwritable(column, lacking));
  if (length?.overflow === 'fail') {
    const taken = Array.from(charset?.spell(text) ?? text).length;
    if (taken > length.length) findings.push(tooLong(column, taken, length.length));
  }
  return findings;
}

export function tooLong(column: string, taken: number, length: number): CellFinding {
  return {
    code: 'too-long',
    column,
    what: say`the value takes ${taken} places and its field has ${length}`,
    hint: say`Make the field longer, or declare overflow: cut.`,
  };
}

function unwritable(column: string, character: string): CellFinding {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return {
    code: 'not-allowed',
    column,
    what: say`the character U+${code} cannot be written in the encoding of the file`,
    hint: say`Choose utf-8, or declare transliterate: or replacement: in the mapping.`,
  };
}

function firstCharacters(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text);
  return characters.length <= length ? text : characters.slice(0, length).join('');
}
