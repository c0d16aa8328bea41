import { say } from '../../core/text.ts';
import type { Archive } from './archive.ts';
import { GENERAL, numberFormat, type NumberFormat } from './number-format.ts';
import { damaged } from './refusal.ts';
import { visitSmall } from './small-part.ts';

const MOST_FORMATS = 100_000;

/** The number format of each style a cell can name. */
export async function readStyles(archive: Archive, part: string | undefined): Promise<readonly NumberFormat[]> {
  if (part === undefined) return [GENERAL];
  const declared = new Map<number, string>();
  const ids: number[] = [];
  let isInCells = false;
  await visitSmall(archive, part, {
    open(name, { numFmtId, formatCode = '' }) {
      if (name === 'numFmt') declared.set(Number(numFmtId), formatCode);
      else if (name === 'cellXfs') isInCells = true;
      else if (name === 'xf' && isInCells) ids.push(Number(numFmtId ?? 0));
      if (declared.size + ids.length > MOST_FORMATS) throw damaged(say`too many styles`, part);
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  const known = new Map<number, NumberFormat>();
  return ids.map((id) => {
    const format = known.get(id) ?? numberFormat(id, declared);
    known.set(id, format);
    return format;
  });
}
