import { TEXT_CODE } from './number-format.ts';
import { escapeXml } from './text.ts';

const FIRST_OWN_FORMAT = 164;
const TEXT_FORMAT = 49;
const MOST_STYLES = 1000;
const PLAIN = 0;
const BOLD = 1;
const MARKED_FILL = 2;

/** Hands out the numbers of cell styles and writes down what they mean. */
export interface StyleBook {
  readonly header: number;
  /** The style of a cell with a number format, `General` or another code; marked cells are filled. */
  style(code: string, isMarked?: boolean): number;
  xml(): string;
}

export function createStyleBook(): StyleBook {
  const formats = new Map<string, number>();
  const styles = new Map<string, number>();
  const xfs = [xf(0, PLAIN, PLAIN), xf(0, BOLD, PLAIN)];
  const formatId = (code: string): number => {
    if (code === TEXT_CODE) return TEXT_FORMAT;
    if (code.toLowerCase() === 'general') return 0;
    const id = formats.get(code) ?? FIRST_OWN_FORMAT + formats.size;
    formats.set(code, id);
    return id;
  };
  return {
    header: 1,
    style(code, isMarked = false) {
      const key = `${isMarked ? '!' : ' '}${code}`;
      const known = styles.get(key);
      if (known !== undefined) return known;
      // How a number is shown is given up before a crafted workbook fills the memory.
      if (styles.size >= MOST_STYLES) return isMarked ? this.style('General', true) : 0;
      const index =
        code.toLowerCase() === 'general' && !isMarked
          ? 0
          : xfs.push(xf(formatId(code), PLAIN, isMarked ? MARKED_FILL : 0)) - 1;
      styles.set(key, index);
      return index;
    },
    xml: () => stylesXml([...formats], xfs),
  };
}

function xf(format: number, font: number, fill: number): string {
  const applied = `${format === 0 ? '' : ' applyNumberFormat="1"'}${font === 0 ? '' : ' applyFont="1"'}${fill === 0 ? '' : ' applyFill="1"'}`;
  return `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0"${applied}/>`;
}

function stylesXml(formats: readonly (readonly [string, number])[], xfs: readonly string[]): string {
  const codes = formats.map(([code, id]) => `<numFmt numFmtId="${id}" formatCode="${escapeXml(code)}"/>`);
  const font = '<sz val="11"/><name val="Calibri"/><family val="2"/>';
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    codes.length === 0 ? '' : `<numFmts count="${codes.length}">${codes.join('')}</numFmts>`,
    `<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts>`,
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor indexed="64"/></patternFill></fill></fills>',
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    `<cellXfs count="${xfs.length}">${xfs.join('')}</cellXfs>`,
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    '</styleSheet>',
  ].join('');
}
