import { describe, expect, it } from 'vitest';
import { isoDate, isoDateTime, startOfNextDay } from '../../../src/mapping/values/civil-time.ts';
import { namedDateFormats, parseDateFormat } from '../../../src/mapping/values/date-format.ts';
import { dateSymbols as parsedDateSymbols } from '../../../src/mapping/values/date-symbols.ts';
import { directives, nodeSchema } from '../../../src/mapping/definition/node-schema.ts';
import { parseNumberFormat } from '../../../src/mapping/values/number-format.ts';
import { dateNames, dateSymbols, numberSymbols } from '../../../src/mapping/values/pattern-reference.ts';
import { valueExamples } from '../../../src/mapping/values/value-examples.ts';
import { valueOf } from './value-support.ts';

describe('the reference of patterns says what the parser does', () => {
  it.each(numberSymbols)('number symbol $symbol: $format reads $text', ({ format, text, value }) => {
    const parsed = parseNumberFormat(format);
    expect('read' in parsed ? parsed.read(text) : parsed).toBe(value);
  });

  it.each([...dateSymbols, ...dateNames])('date symbol $symbol: $format reads $text', ({ format, text, value }) => {
    const parsed = parseDateFormat(format);
    const time = 'read' in parsed ? parsed.read(text) : undefined;
    if (time === undefined) throw new Error(`${format} does not read ${text}`);
    expect(value.includes('T') ? isoDateTime(startOfNextDay(time)) : isoDate(time)).toBe(value);
  });

  it('and stands in its own example', () => {
    for (const { symbol, format } of [...numberSymbols, ...dateSymbols, ...dateNames]) {
      const signs =
        symbol === 'space' ? [' '] : symbol === 'A/B' ? ['/'] : symbol === "'text'" ? ["'"] : symbol.split(' ');
      expect([symbol, signs.some((sign) => format.includes(sign))]).toEqual([symbol, true]);
    }
  });

  it('and names every symbol and every name there is', () => {
    const fractions = /^S+$/;
    const symbols = [...parsedDateSymbols().keys()].filter((name) => !fractions.test(name));
    expect(
      dateSymbols
        .map(({ symbol }) => symbol)
        .filter((name) => name !== 'S' && name !== "'text'")
        .sort(),
    ).toEqual(symbols.sort());
    expect(dateNames.map(({ symbol }) => symbol).sort()).toEqual([...namedDateFormats.keys()].sort());
  });

  it('and every character a number pattern may hold', () => {
    const known = new Set([' ', ...Array.from(numberSymbols.map(({ symbol }) => symbol).join(''))]);
    for (let code = 33; code < 127; code++) {
      const character = String.fromCharCode(code);
      const places = [`${character}0.00`, `0.00${character}`, `0${character}00`, `0${character}000.00`];
      if (places.some((pattern) => 'read' in parseNumberFormat(pattern))) expect(known).toContain(character);
    }
  });
});

describe('examples of values', () => {
  it.each(valueExamples)('$shows: $text', async ({ text, directives: given, type, value }) => {
    expect(await valueOf(given, text, type)).toBe(value);
  });

  it('show every directive that is about the form of a value', () => {
    const shown = valueExamples.map((example) => example.directives).join(' ');
    for (const directive of ['$as', '$format', '$zone', '$pivot', '$months', '$empty', '$default'])
      expect(shown).toContain(directive);
    for (const as of ['date', 'datetime', 'gtin']) expect(shown).toContain(`$as: ${as}`);
  });

  it('go with a line about each directive', () => {
    const described = Object.entries(nodeSchema.properties as Record<string, { description?: string }>);
    const lines = described.filter(([name]) => name !== '$when' && name !== '$group');
    for (const [name, { description = '' }] of lines)
      expect([name, description.length]).toEqual([name, expect.any(Number)]);
    expect(lines.every(([, { description = '' }]) => description.length > 20)).toBe(true);
    expect(directives).toEqual(described.map(([name]) => name));
  });
});
