import type { PayloadCheck } from '../payload/payload-check.ts';
import type { YamlObject, YamlValue } from '../types.ts';
import { parseNumberFormat } from '../values/number-format.ts';
import { isSpreadsheetError } from '../values/spreadsheet-errors.ts';
import { SURE, type Match } from './assign.ts';
import { misfits, takesTime, wantedOf } from './fit.ts';
import type { Misfits } from './candidates.ts';
import type { ColumnProfile } from './profile.ts';
import { proposeTable } from './propose-table.ts';
import type { ProposedTable } from './proposal.ts';
import { yesAndNo } from './words.ts';

/** How a property takes its column. */
export interface ProposedValue {
  readonly value: YamlValue;
  readonly doubts: readonly string[];
  readonly table?: ProposedTable;
}

interface Converted {
  readonly directives: YamlObject;
  readonly doubts: readonly string[];
  readonly table?: ProposedTable;
}

const plain: Converted = { directives: {}, doubts: [] };
const MOST_SHOWN = 3;

/** `name`: how the mapping calls the column. `commas`: the format with a decimal comma that another column of the file has. */
export function proposeValue(
  match: Match,
  name: string,
  check: PayloadCheck | undefined,
  commas?: string,
): ProposedValue {
  const { field, column, score, rivals } = match;
  const { profile } = column;
  const { directives, doubts, table } = convert(match, check, commas);
  // An error of a formula is no way of saying that there is no number.
  const sentinels =
    wantedOf(field, check) === 'number'
      ? profile.sentinels.filter((text) => !isSpreadsheetError(text))
      : profile.sentinels;
  const empty = sentinels.length === 0 ? {} : { $empty: [...sentinels] };
  const all = { ...empty, ...directives };
  const told = [
    ...(score < SURE ? [`does ${profile.name} mean ${field.path.at(-1) ?? ''}`] : []),
    ...(rivals.length === 0
      ? []
      : [
          `or ${rivals
            .slice(0, MOST_SHOWN)
            .map((rival) => rival.name)
            .join(', ')}`,
        ]),
    ...doubts,
    ...(sentinels.length === 0 ? [] : ['do these mean empty']),
  ];
  const value = Object.keys(all).length === 0 ? name : { $from: name, ...all };
  return { value, doubts: told, ...(table === undefined ? {} : { table }) };
}

function convert(match: Match, check: PayloadCheck | undefined, commas: string | undefined): Converted {
  const { field, column } = match;
  const { profile } = column;
  switch (wantedOf(field, check)) {
    case 'date':
      return convertDate(profile, takesTime(field, check));
    case 'datetime':
      return convertDate(profile, true);
    case 'number':
      return withCommas(profile, commas) ?? convertNumber(profile);
    case 'boolean':
      return convertBoolean(profile);
    case 'list':
      return convertCode(match);
    case 'text':
      return field.meaning.concept === 'postal' && hasLostZeros(profile)
        ? { directives: { $padStart: [5, '0'] }, doubts: ['did a spreadsheet take leading zeros away'] }
        : { ...plain, doubts: refusals(match, check) };
  }
}

function convertDate({ guess, name }: ColumnProfile, canHaveTime: boolean): Converted {
  if (guess.kind !== 'date') return { directives: { $as: 'date' }, doubts: [`how does ${name} write dates`] };
  const { format, others, hasTime, isLocal } = guess;
  const doubts = [
    ...strangers(guess.misfits),
    ...(others.length === 0 ? [] : [`or ${others[0] ?? ''}, which reads other days`]),
  ];
  const written = format === 'iso' || format === 'yyyy-MM-dd' ? {} : { $format: format };
  if (!hasTime || !canHaveTime) return { directives: { $as: 'date', ...written }, doubts };
  if (!isLocal) return { directives: { $as: 'datetime', ...written }, doubts };
  return { directives: { $as: 'datetime', ...written, $zone: 'UTC' }, doubts: [...doubts, 'whose clock is it'] };
}

/** Where one column has decimal commas, `1.000` in another is a thousand, whatever the first rows of it look like. */
function withCommas({ guess, values }: ColumnProfile, commas: string | undefined): Converted | undefined {
  const isOpen = guess.kind === 'integer' || (guess.kind === 'number' && guess.format === undefined);
  if (commas === undefined || !isOpen) return undefined;
  const format = parseNumberFormat(commas);
  if (!('read' in format) || values.some((value) => format.read(value) === undefined)) return undefined;
  const doubts = guess.kind === 'integer' ? [] : [`another column writes "${commas}"`];
  return { directives: { $format: commas }, doubts };
}

function convertNumber({ guess, name }: ColumnProfile): Converted {
  if (guess.kind !== 'number') {
    const isPlain = guess.kind === 'integer' || guess.kind === 'empty' || guess.kind === 'digits';
    const doubts = isPlain ? [] : [`how does ${name} write numbers`];
    return { directives: {}, doubts: guess.kind === 'integer' ? strangers(guess.misfits) : doubts };
  }
  const { format, others } = guess;
  return {
    directives: format === undefined ? {} : { $format: format },
    doubts: [
      ...strangers(guess.misfits),
      ...(others.length === 0 ? [] : [`or "${others[0] ?? ''}", which reads other numbers`]),
    ],
  };
}

/** Cells that are written otherwise than the rest of their column, by their lines: what stands in them may be of people. */
function strangers(misfits: Misfits | undefined): readonly string[] {
  if (misfits === undefined) return [];
  const { count, lines } = misfits;
  const more = count > lines.length ? ` and ${count - lines.length} more` : '';
  return [`${count} ${count === 1 ? 'cell does' : 'cells do'} not fit: line ${lines.join(', ')}${more}`];
}

function convertBoolean({ values, guess, name }: ColumnProfile): Converted {
  if (guess.kind === 'boolean' || guess.kind === 'empty') return plain;
  const pair = yesAndNo.find((words) =>
    values.every((value) => words.some((word) => word !== '' && word.toLowerCase() === value.toLowerCase())),
  );
  if (pair === undefined) return { ...plain, doubts: [`which values of ${name} mean true and false`] };
  const [yes, no] = pair;
  return { directives: { $format: `${yes}/${no}`, ...(no === '' ? { $default: false } : {}) }, doubts: [] };
}

function convertCode({ field, column }: Match): Converted {
  const table = proposeTable(field, column.profile);
  if (table !== undefined) return { directives: { $table: table.name }, doubts: [], table };
  const allowed = field.view.values ?? [];
  const strange = column.profile.values.filter((value) => !allowed.includes(value));
  return { ...plain, doubts: strange.length === 0 ? [] : ['some values are not among those the provider knows'] };
}

/** Five-digit codes of which some have lost a zero in front. */
function hasLostZeros({ values, longest }: ColumnProfile): boolean {
  return (
    longest === 5 && values.every((value) => /^[1-9]\d{2,4}$/.test(value)) && values.some((value) => value.length < 5)
  );
}

function refusals({ field, column }: Match, check: PayloadCheck | undefined): readonly string[] {
  const { values } = column.profile;
  const refused = misfits(field, values, check);
  const [first] = refused;
  if (first === undefined) return [];
  const why = check?.checkConstant(first, field.view.pointer) ?? '';
  return [`${refused.length} of ${values.length} different values will be refused: ${why}`];
}
