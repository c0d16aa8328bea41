import assert from 'node:assert/strict';
import { describeIssue } from '../../../src/core/issue.ts';
import { rawNumber } from '../../../src/core/json.ts';
import type { RawRecord } from '../../../src/core/record.ts';
import { isOtherEncoding } from './check-damaged.ts';
import { canonical, lineCounter } from './generated-file.ts';
import { honestText } from './honest.ts';
import type { Reading, Source } from './reading.ts';

/** Rules of the reader that the engine's parser does not have. */
const STRICTER = new Set([
  'duplicate-key',
  'lone-surrogate',
  'too-deep',
  'field-too-long',
  'line-too-long',
  'not-text',
  'looks-like-html',
]);

/** Compares what was read of a JSON or NDJSON file with what the engine's parser reads of the same text. */
export function checkTrees(source: Source, reading: Reading, raw: readonly RawRecord[]): void {
  const decoded = honestText(source);
  if (decoded.refusal !== undefined) {
    assert.ok(reading.refused !== undefined, `${decoded.refusal}, and not refused`);
    return;
  }
  if (reading.refused !== undefined && isOtherEncoding(reading.refused, source)) return;
  const codes = new Set<string>(reading.notices.map(({ code }) => code));
  if (reading.refused === undefined)
    for (const code of decoded.notices) assert.ok(codes.has(code), `no notice ${code}`);
  // The engine reads each record as the reader does.
  for (const [index, { issues, tree }] of reading.records.entries()) {
    if (issues !== undefined || raw[index] === undefined) continue;
    const parsed = parse(raw[index].text);
    assert.ok(parsed !== undefined, `no JSON, and no issue: ${raw[index].text.slice(0, 200)}`);
    assert.equal(tree === undefined ? undefined : canonical(tree), canonical(parsed.value), `record ${index}`);
  }
  if (source.format === 'json') checkDocument(decoded.text, source, reading, raw);
  else checkLines(decoded.text, reading, raw);
}

const STRING = /("(?:[^"\\]|\\.)*")([ \t\r\n]*:)?/gs;

/** What a text says. Names are parsed apart from it: some escaped ones V8 takes for others it has seen before. */
function parse(text: string): { readonly value: unknown } | undefined {
  type Reviver = (this: unknown, name: string, value: unknown, context: { source?: string }) => unknown;
  const exactly = JSON.parse as (text: string, reviver: Reviver) => unknown;
  const reviver: Reviver = (_name, value, { source }) => {
    if (typeof value === 'number' && source !== undefined) return rawNumber(source);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [nameOf(name), inner]));
  };
  try {
    const named = text.replace(STRING, (_, name: string, colon = '') => (colon === '' ? name : digitsOf(name) + colon));
    return { value: exactly(named, reviver) };
  } catch {
    return undefined;
  }
}

/** A name as a name without escapes. */
function digitsOf(literal: string): string {
  return `"n${Buffer.from(JSON.parse(literal) as string, 'utf16le').toString('hex')}"`;
}

function nameOf(digits: string): string {
  return Buffer.from(digits.slice(1), 'hex').toString('utf16le');
}

function checkDocument(text: string, { options }: Source, reading: Reading, raw: readonly RawRecord[]): void {
  const whole = parse(text.replace(/[\u001a \t\r\n]+$/, ''));
  const hasIssue = reading.records.some(({ issues }) => issues !== undefined);
  if (whole === undefined) {
    assert.ok(reading.refused !== undefined || hasIssue, 'no JSON, and no issue');
    if (reading.refused === undefined) checkGaps(text, raw);
    return;
  }
  const path = typeof options['path'] === 'string' ? options['path'].replace(/^\$\./, '').split('.') : [];
  const elements = elementsAt(whole.value, path);
  if (reading.refused !== undefined) {
    // Of a name that stands twice, the engine takes the last and the reader, which goes forward, the first.
    const isTwice = path.some((name) => text.split(JSON.stringify(name)).length > 2);
    const isStrict = STRICTER.has(reading.refused.code) || elements === undefined || isTwice;
    assert.ok(isStrict, `refused for no reason: ${describeIssue(reading.refused)}`);
    return;
  }
  assert.ok(elements !== undefined, 'no records there, and not refused');
  assert.equal(reading.records.length, elements.length, 'number of records');
  for (const [index, { issues = [], tree }] of reading.records.entries()) {
    for (const issue of issues) assert.ok(STRICTER.has(issue.code), `issue for no reason: ${describeIssue(issue)}`);
    if (issues.length === 0) assert.equal(canonical(tree), canonical(elements[index]), `record ${index}`);
  }
}

/** The records that a path leads to; undefined when it leads nowhere. */
function elementsAt(value: unknown, path: readonly string[]): readonly unknown[] | undefined {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, name))
      return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  if (Array.isArray(found)) return found;
  const isObject = typeof found === 'object' && found !== null && canonical(found).startsWith('{');
  return isObject ? [found] : undefined;
}

/** Between records that follow one another stands nothing but blanks and a comma. */
function checkGaps(text: string, raw: readonly RawRecord[]): void {
  const first = raw[0]?.text;
  if (first === undefined) return;
  // The text of the first record may stand elsewhere as well: somewhere all of them must follow one another.
  for (let at = text.indexOf(first); at !== -1; at = text.indexOf(first, at + 1)) if (follow(text, at, raw)) return;
  assert.fail('records do not follow one another in the file');
}

function follow(text: string, from: number, raw: readonly RawRecord[]): boolean {
  let at = from;
  for (const [index, record] of raw.entries()) {
    if (index > 0) {
      const between = /[ \t\r\n]*,[ \t\r\n]*/y;
      between.lastIndex = at;
      at += between.exec(text)?.[0].length ?? 0;
    }
    if (!text.startsWith(record.text, at)) return false;
    at += record.text.length;
  }
  return true;
}

function checkLines(text: string, reading: Reading, raw: readonly RawRecord[]): void {
  if (reading.refused !== undefined) {
    const lines = text.split(/\r\n|\n|\r/);
    const isBroken = lines.some((line) => parse(line) === undefined);
    const isStrict =
      STRICTER.has(reading.refused.code) || (reading.refused.code === 'empty-file' && text.trim() === '');
    assert.ok(isStrict || isBroken, `refused for no reason: ${describeIssue(reading.refused)}`);
    return;
  }
  const body = text.replace(/\u001a+$/, '');
  const lineAt = lineCounter(body);
  const byLine = Map.groupBy(reading.records, ({ line }) => line);
  let offset = 0;
  for (const part of body.split(/(?<=\r\n|\n|\r(?!\n))/)) {
    const line = lineAt(offset);
    offset += part.length;
    const content = part.replace(/(?:\r\n|\n|\r)$/, '');
    const found = byLine.get(line) ?? [];
    if (/^[ \t]*$/.test(content)) assert.equal(found.length, 0, `records of the blank line ${line}`);
    else checkLine(content, found, raw);
  }
  const last = body.split(/\r\n|\n|\r/).at(-1) ?? '';
  const isOpen = last.trim() !== '';
  assert.equal(
    reading.notices.some(({ code }) => code === 'no-final-newline'),
    isOpen,
    'final line end',
  );
}

/** A line is one record, or several values one after another, or no JSON and a record with an issue. */
function checkLine(content: string, found: Reading['records'], raw: readonly RawRecord[]): void {
  const parsed = parse(content);
  const issues = found.flatMap((record) => record.issues ?? []);
  if (parsed !== undefined) {
    assert.equal(found.length, 1, `records of ${content.slice(0, 200)}`);
    for (const issue of issues) assert.ok(STRICTER.has(issue.code), `issue for no reason: ${describeIssue(issue)}`);
    return;
  }
  assert.ok(found.length > 0, `nothing of ${content.slice(0, 200)}`);
  if (found.length === 1) {
    assert.ok(issues.length > 0, `no JSON, and no issue: ${content.slice(0, 200)}`);
    return;
  }
  const together = found.map(({ seq }) => raw[seq]?.text ?? '').join('');
  assert.equal(together.replaceAll(/[ \t]/g, ''), content.replaceAll(/[ \t]/g, ''), 'values of one line');
}
