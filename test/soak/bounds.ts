import type { FormatOptions } from '../../src/core/format.ts';
import { describeIssue, type Issue } from '../../src/core/issue.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import { formats } from '../../src/formats/index.ts';

/** A record that does not end, of so many bytes. */
export interface Endless {
  readonly name: string;
  readonly format: string;
  readonly options: FormatOptions;
  readonly opening: string;
  readonly filling: string;
  /** The line the refusal must name. */
  readonly line: number;
}

const FIELDS = { OrderNo: [1, 10], Text: [11, 20] };

/** Records that go on for ever, in every format that is text. */
export const endless: readonly Endless[] = [
  { name: 'csv, one line', format: 'csv', options: {}, opening: 'A,B\nx,', filling: 'abcdefgh', line: 2 },
  { name: 'csv, one quoted cell', format: 'csv', options: {}, opening: 'A,B\nx,"', filling: 'abc\ndef\n', line: 2 },
  { name: 'csv, one row of delimiters', format: 'csv', options: {}, opening: 'A,B\n', filling: ',,,,,,,,', line: 2 },
  { name: 'csv, one header', format: 'csv', options: {}, opening: 'A', filling: 'bcdefghi', line: 1 },
  {
    name: 'fixed, one line',
    format: 'fixed',
    options: { fields: FIELDS },
    opening: 'A\n',
    filling: 'abcdefgh',
    line: 2,
  },
  { name: 'json, one text', format: 'json', options: {}, opening: '[{"A":1},\n{"B":"', filling: 'abcdefgh', line: 2 },
  { name: 'json, one object', format: 'json', options: {}, opening: '[{"A":1},\n{"B":[', filling: '1234567,', line: 2 },
  { name: 'ndjson, one line', format: 'ndjson', options: {}, opening: '{"A":1}\n{"B":"', filling: 'abcdefgh', line: 2 },
];

export interface Refusal {
  readonly issue: Issue | undefined;
  /** From the first byte beyond the bound to the refusal. */
  readonly delayMs: number;
  /** How far the reader went beyond the bound. */
  readonly beyondBytes: number;
}

const PIECE_BYTES = 64 * 1024;

/** Reads a record of so many bytes until it is refused. */
export async function refuse({ format, options, opening, filling }: Endless, bytes: number): Promise<Refusal> {
  const bound = opening.lastIndexOf('\n') + 1 + defaultLimits.recordCharacters;
  const piece = Buffer.alloc(PIECE_BYTES, filling);
  let given = 0;
  let beyondMs: number | undefined;
  async function* source(): AsyncGenerator<Uint8Array, void, void> {
    const first = Buffer.from(opening);
    given = first.length;
    yield await Promise.resolve(first);
    while (given < bytes) {
      given += piece.length;
      if (given > bound) beyondMs ??= performance.now();
      yield piece;
    }
  }
  const reader = formats.get(format)?.read(source(), options, { file: 'endless', limits: defaultLimits }) ?? [];
  let issue: Issue | undefined;
  for await (const event of reader) if (event.kind === 'refused') ({ issue } = event);
  return { issue, delayMs: performance.now() - (beyondMs ?? 0), beyondBytes: given - bound };
}

export function describeRefusal({ issue, delayMs, beyondBytes }: Refusal): string {
  const said = issue === undefined ? 'not refused' : describeIssue(issue);
  return `${delayMs.toFixed(0)} ms, ${Math.round(beyondBytes / 1024)} KiB beyond the bound: ${said.slice(0, 160)}`;
}
