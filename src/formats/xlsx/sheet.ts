import { say, type Phrase } from '../../core/text.ts';
import type { Archive } from './archive.ts';
import { columnLetters, columnOf, LAST_COLUMN, LAST_ROW, parseArea, type Area } from './cell-reference.ts';
import { damaged, Refusal, tooMuch } from './refusal.ts';
import { isPreserved, trimXml } from './text.ts';
import { isTrue } from './workbook.ts';
import { visitXml, type Attributes, type XmlVisitor } from './xml.ts';

/** A cell as the sheet holds it. */
export interface SheetCell {
  readonly column: number;
  /** `s` shared string, `str` and `inlineStr` text, `b`, `e`, `d`, else `n`. */
  readonly type: string;
  readonly style: number;
  readonly text: string;
  readonly isFormula: boolean;
  /** False: only a style, or a formula whose result is not there. */
  readonly hasValue: boolean;
}

export interface SheetRow {
  readonly number: number;
  readonly isHidden: boolean;
  readonly cells: readonly SheetCell[];
}

/** Columns from and to, from 0, and how they are shown. */
export interface ColumnSpan {
  readonly first: number;
  readonly last: number;
  readonly isHidden: boolean;
  /** 0: as wide as all. */
  readonly width: number;
  readonly style: number;
}

export interface SheetReading {
  /** Known before the first row. */
  readonly columns: ColumnSpan[];
  /** Known at the end. */
  readonly merged: Area[];
  rows(): AsyncGenerator<readonly SheetRow[], void, void>;
}

/** Declared columns, counted as often as they are declared; there are 16,384. */
const MOST_DECLARED = 100_000;
const MOST_AREAS = 100_000;

/** Reads the rows of a sheet in batches, cells without value and formula only when asked for. */
export function readSheet(
  archive: Archive,
  part: string,
  options: { keepsEmpty: boolean; mostCharacters: number },
): SheetReading {
  const visitor = new SheetVisitor(options.keepsEmpty, options.mostCharacters, part);
  return {
    columns: visitor.columns,
    merged: visitor.merged,
    async *rows() {
      for await (const _ of visitXml(archive.read(part), visitor, part)) {
        const rows = visitor.take();
        if (rows.length > 0) yield rows;
      }
    },
  };
}

class SheetVisitor implements XmlVisitor {
  readonly columns: ColumnSpan[] = [];
  readonly merged: Area[] = [];
  readonly #keepsEmpty: boolean;
  readonly #mostCharacters: number;
  readonly #part: string;
  #rows: SheetRow[] = [];
  #row: { number: number; isHidden: boolean; cells: SheetCell[] } | undefined;
  /** Other parts of a sheet, such as buttons on it, name rows and columns as well. */
  #section = '';
  #declared = 0;
  #lastRow = 0;
  #lastColumn = -1;
  #characters = 0;
  #style = 0;
  #type = 'n';
  #text = '';
  #run: string | undefined;
  #isFormula = false;
  #hasValue = false;
  #isKept = false;
  #phonetic = 0;

  constructor(keepsEmpty: boolean, mostCharacters: number, part: string) {
    this.#keepsEmpty = keepsEmpty;
    this.#mostCharacters = mostCharacters;
    this.#part = part;
  }

  take(): readonly SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  place(): { line: number; name: Phrase } | undefined {
    if (this.#row === undefined || this.#lastColumn < 0) return undefined;
    const { number } = this.#row;
    return { line: number, name: say`cell ${columnLetters(this.#lastColumn)}${number}` };
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'sheetData' || name === 'cols' || name === 'mergeCells') this.#section = name;
    else if (this.#section === 'sheetData') this.#openInData(name, attributes);
    else if (this.#section === 'cols' && name === 'col') this.#addColumns(attributes);
    else if (this.#section === 'mergeCells' && name === 'mergeCell') this.#addMerged(attributes['ref'] ?? '');
  }

  #openInData(name: string, attributes: Attributes): void {
    switch (name) {
      case 'c':
        this.#openCell(attributes);
        break;
      case 'v':
        this.#beginText(false);
        break;
      case 'f':
        this.#isFormula = true;
        break;
      case 't':
        if (this.#phonetic === 0) this.#beginText(isPreserved(attributes));
        break;
      case 'rPh':
        this.#phonetic++;
        break;
      case 'row':
        this.#openRow(attributes);
        break;
      default:
    }
  }

  text(text: string): void {
    if (this.#run === undefined) return;
    this.#run += text;
    this.#characters += text.length;
    if (this.#characters > this.#mostCharacters) {
      const expected = say`at most ${this.#mostCharacters} characters`;
      throw new Refusal('line-too-long', { expected, hint: say`Is this the right sheet?` }, this.#row?.number);
    }
  }

  close(name: string): void {
    if (name === this.#section) this.#section = '';
    if (this.#section === 'sheetData') this.#closeInData(name);
  }

  #closeInData(name: string): void {
    switch (name) {
      case 'v':
      case 't':
        if (this.#run === undefined) break;
        this.#text += this.#isKept || (name === 'v' && this.#type === 'str') ? this.#run : trimXml(this.#run);
        this.#run = undefined;
        break;
      case 'c':
        this.#closeCell();
        break;
      case 'rPh':
        this.#phonetic--;
        break;
      case 'row':
        if (this.#row !== undefined && this.#row.cells.length > 0) this.#rows.push(this.#row);
        this.#row = undefined;
        break;
      default:
    }
  }

  #openRow({ r, hidden, ht }: Attributes): void {
    const number = r === undefined ? this.#lastRow + 1 : Number(r);
    if (!(Number.isInteger(number) && number > this.#lastRow && number <= LAST_ROW)) {
      throw damaged(say`the rows of the sheet are out of order`, this.#part);
    }
    this.#lastRow = number;
    this.#lastColumn = -1;
    this.#characters = 0;
    this.#row = { number, isHidden: isTrue(hidden) || Number(ht ?? 1) === 0, cells: [] };
  }

  #openCell({ r, s, t = 'n' }: Attributes): void {
    if (this.#row === undefined) throw damaged(say`a cell stands outside its row`, this.#part);
    const column = r === undefined ? this.#lastColumn + 1 : columnOf(r, this.#row.number);
    if (!(column > this.#lastColumn && column <= LAST_COLUMN)) {
      throw damaged(say`the cells of a row are out of order`, this.#part);
    }
    this.#lastColumn = column;
    this.#style = Number(s ?? 0);
    this.#type = t;
    this.#text = '';
    this.#isFormula = false;
    this.#hasValue = false;
  }

  #beginText(isKept: boolean): void {
    this.#run = '';
    this.#isKept = isKept;
    this.#hasValue = true;
  }

  #closeCell(): void {
    const hasContent = this.#isFormula || (this.#hasValue && this.#text !== '');
    if (!hasContent && !this.#keepsEmpty) return;
    this.#row?.cells.push({
      column: this.#lastColumn,
      type: this.#type,
      style: this.#style,
      text: this.#text,
      isFormula: this.#isFormula,
      hasValue: this.#hasValue,
    });
  }

  #addColumns({ min, max, hidden, width, style }: Attributes): void {
    const first = Number(min) - 1;
    const last = Math.min(Number(max) - 1, LAST_COLUMN);
    this.#declared += last - first + 1;
    if (!(first >= 0 && last >= first && this.#declared <= MOST_DECLARED)) {
      throw damaged(say`the columns of the sheet cannot be read`, this.#part);
    }
    const shown = Number(width);
    this.columns.push({
      first,
      last,
      isHidden: isTrue(hidden) || shown === 0,
      width: shown || 0,
      style: Number(style ?? 0),
    });
  }

  #addMerged(reference: string): void {
    const area = parseArea(reference);
    if (area === undefined) throw damaged(say`a merged area cannot be read`, this.#part);
    this.merged.push(area);
    if (this.merged.length > MOST_AREAS)
      throw tooMuch(say`the sheet has too many merged areas`, say`at most ${MOST_AREAS}`);
  }
}

/** The span of each column; of several the first. */
export function spanByColumn(spans: readonly ColumnSpan[]): ReadonlyMap<number, ColumnSpan> {
  const byColumn = new Map<number, ColumnSpan>();
  for (const span of spans) {
    for (let column = span.first; column <= span.last; column++) if (!byColumn.has(column)) byColumn.set(column, span);
  }
  return byColumn;
}
