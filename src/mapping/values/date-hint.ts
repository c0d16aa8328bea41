import { say, type Phrase } from '../../core/text.ts';
import type { CivilTime } from './civil-time.ts';
import type { DateFormat } from './date-format.ts';

/** Day and month cannot be taken for each other in it, and every part of the time is of two digits. */
const SAMPLE: CivilTime = {
  year: 2026,
  month: 11,
  day: 21,
  hour: 14,
  minute: 30,
  second: 15,
  millisecond: 0,
  offset: 60,
};

/** A way of writing dates in words: an example, and the pattern. */
export function dateSample(format: DateFormat): Phrase {
  const sample = written(format);
  if (format.text === 'iso') return say`${sample}`;
  return sample === format.text ? say`${sample}` : say`${sample} (${format.text})`;
}

function written({ text, write }: DateFormat): string {
  return text === 'iso' ? '2026-11-21' : (write(SAMPLE) ?? text);
}

/** How to mend a date that cannot be read. */
export function dateHint(text: string, formats: readonly DateFormat[]): Phrase {
  const counts = formats.some(({ text: own }) => own.startsWith('excel') || own.startsWith('epoch'));
  const [first] = formats;
  const sample = first === undefined ? '' : written(first);
  if (!counts && /^[2-7]\d{4}(?:[.,]\d+)?$/.test(text))
    return say`This is a spreadsheet's number of a day: format the cells as a date, written like ${sample}.`;
  return say`Write it like ${sample}.`;
}
