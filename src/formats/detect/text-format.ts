import { detectDelimited, type Delimited } from './delimited.ts';
import { detectFixedWidth, type FixedWidth } from './fixed-width.ts';
import { detectHeader } from './header.ts';
import { shapeOfJson, type JsonShape } from './json-shape.ts';
import { detectRecordKinds } from './record-kinds.ts';
import { point, type Point } from './types.ts';

/** Below it nothing in the text speaks for rows and columns. */
const MAKES_SENSE = 0.3;

const JSON_START = /^(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]\d-]|true|false|null|$))/;

/** The format of a text and how it is written. `isWhole`: the text is not cut off. */
export function detectText(text: string, isWhole: boolean, fileName: string): readonly Point[] {
  const start = text.trimStart();
  if (JSON_START.test(start) || (start.startsWith('[') && text.trimEnd().endsWith(']'))) {
    return jsonPoints(shapeOfJson(start), fileName);
  }
  const delimited = detectDelimited(text, isWhole);
  const fixed = detectFixedWidth(text, isWhole);
  const kinds = detectRecordKinds(delimited.rows);
  const isDelimited = delimited.width > 1 && (kinds !== undefined || delimited.score >= MAKES_SENSE);
  return isDelimited || fixed.score <= delimited.score
    ? delimitedPoints(delimited, kinds, fixed)
    : fixedPoints(fixed, delimited);
}

function fixedPoints(fixed: FixedWidth, delimited: Delimited): readonly Point[] {
  const alternatives = delimited.width > 1 ? ['csv'] : [];
  const why = 'the lines have their lengths or blank columns in common, and no delimiter';
  return [point('format', 'fixed', fixed.score > 0.8 ? 'likely' : 'unsure', why, alternatives), ...fixed.points];
}

function delimitedPoints(delimited: Delimited, kinds: Point | undefined, fixed: FixedWidth): readonly Point[] {
  const { rows, width, score } = delimited;
  const alternatives = fixed.score > score ? ['fixed'] : [];
  const format =
    width < 2
      ? point('format', 'csv', 'unsure', 'it is text, and nothing in it separates columns', ['fixed'])
      : point('format', 'csv', score > 0.6 ? 'likely' : 'unsure', 'it is text with delimiters', alternatives);
  const table = detectHeader(rows, width, true);
  if (kinds !== undefined && !table.hasHeader) return [format, ...delimited.points, kinds];
  return [format, ...delimited.points, ...table.points];
}

function jsonPoints({ root, values, arrays }: JsonShape, fileName: string): readonly Point[] {
  const isNamedLines = /\.(?:ndjson|jsonl|jsonlines)$/i.test(fileName);
  if (values === 'lines' || (isNamedLines && root === 'object' && values === 'one')) {
    return [point('format', 'ndjson', 'certain', 'each line is a JSON value of its own')];
  }
  if (values === 'together') {
    return [point('format', 'ndjson', 'unsure', 'JSON values follow one another without line ends between them')];
  }
  const why = root === 'array' ? 'it is a JSON array' : 'it is a JSON object';
  const format = point('format', 'json', 'certain', why);
  return root === 'array' ? [format] : [format, ...pathPoints(arrays)];
}

/** Where the records are in a JSON object; where there is no array of objects, it is one record itself. */
function pathPoints(arrays: JsonShape['arrays']): readonly Point[] {
  const [best, ...others] = arrays
    .filter(({ isNested }) => !isNested)
    .toSorted((a, b) => b.objects - a.objects || a.path.length - b.path.length);
  if (best === undefined) return [];
  const why = `an array of ${best.objects === 1 ? 'an object' : `${best.objects} objects or more`} is there`;
  const alternatives = [...others.map(({ path }) => path.join('.')), 'no path, if the whole object is one document'];
  const isSure = others.length === 0 && best.objects > 1;
  return [point('path', best.path.join('.'), isSure ? 'likely' : 'unsure', why, alternatives)];
}
