import type { FormatOptions, OptionFinding } from '../../core/format.ts';
import { checkWrite } from './check-write.ts';
import { readLayout, readUnit, type RecordLayout } from './layout.ts';
import { isMultibyte } from './ruler.ts';
import { overlaps } from './spans.ts';

/** What the schemas cannot say of a layout. */
export function checkFixed(
  use: 'read' | 'write',
  options: FormatOptions,
  columns?: readonly string[],
): readonly OptionFinding[] {
  return use === 'read' ? checkRead(options) : checkWrite(options, columns);
}

function checkRead(options: FormatOptions): readonly OptionFinding[] {
  const hasFields = options['fields'] !== undefined;
  const hasRecords = options['records'] !== undefined;
  if (!hasFields && !hasRecords) {
    return [{ code: 'missing-key', path: [], what: '"fields" is missing: nothing says where the values stand' }];
  }
  const both: OptionFinding = {
    code: 'wrong-value',
    path: ['fields'],
    what: '"fields" and "records" cannot both be given',
    hint: 'Give each record type its own fields.',
  };
  const layout = readLayout(options);
  return [
    ...(hasFields && hasRecords ? [both] : []),
    ...layout.kinds.flatMap((kind) => checkKind(kind, options)),
    ...hiddenTypes(layout.kinds),
    ...checkUnit(options),
  ];
}

function checkKind(kind: RecordLayout, options: FormatOptions): readonly OptionFinding[] {
  const path = kind.type === undefined ? [] : ['records', kind.type];
  const hasOwnLength =
    kind.type !== undefined &&
    (options['records'] as Readonly<Record<string, { length?: number }>>)[kind.type]?.length !== undefined;
  const findings: OptionFinding[] = [...overlaps(kind.fields, [...path, 'fields'], true)];
  const beyond = kind.fields.find(({ to }) => to > kind.length);
  if (beyond !== undefined) {
    const what = `the field ${beyond.name} ends at ${beyond.to}, behind the end of the record at ${kind.length}`;
    findings.push({ code: 'wrong-value', path: [...path, 'fields', beyond.name], what });
  }
  if (hasOwnLength && options['lineEnds'] === 'none') {
    const what = 'without line ends all records are of one length';
    findings.push({ code: 'wrong-value', path: [...path, 'length'], what, hint: 'Give it once, as read.length.' });
  }
  return findings;
}

/** Types that never come to be taken, because every record of theirs fits one above them. */
function hiddenTypes(kinds: readonly RecordLayout[]): readonly OptionFinding[] {
  return kinds.flatMap((kind, index): OptionFinding[] => {
    const above = kinds.slice(0, index).find((other) => other.signs.every((sign) => isImplied(sign, kind)));
    if (above === undefined || kind.type === undefined) return [];
    const what = `no record is ever ${kind.type}: all of them fit ${above.type ?? ''}, which stands above it`;
    return [{ code: 'wrong-value', path: ['records', kind.type, 'is'], what, hint: `Move ${kind.type} up.` }];
  });
}

function isImplied(sign: RecordLayout['signs'][number], { signs }: RecordLayout): boolean {
  return signs.some(({ at, text }) => at <= sign.at && text.slice(sign.at - at).startsWith(sign.text));
}

function checkUnit(options: FormatOptions): readonly OptionFinding[] {
  const { encoding, onBad } = readLayout(options).text;
  if (readUnit(options) !== 'bytes' || onBad !== 'replace' || !isMultibyte(encoding)) return [];
  const what = `bytes of ${encoding} cannot be counted where bad ones are replaced`;
  return [{ code: 'wrong-value', path: ['onBad'], what, hint: 'Set onBad: fail, or count characters.' }];
}
