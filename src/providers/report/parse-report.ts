import { parseDuration } from '../../core/duration.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { parseBody } from '../request/body-template.ts';
import { parseConditions } from '../outcome/parse-rules.ts';
import { statusTexts, type Reader } from '../feed/reader.ts';
import type { PeriodDefinition, ReportDefinition } from './report-definition.ts';
import { fileOptions } from './report-schema.ts';
import type { PeriodText, ReportText } from './report-text.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BYTES = 512 * 1024 * 1024;

export function parseReport(reader: Reader, text: ReportText, at: KeyPath): ReportDefinition {
  return {
    start: parseStart(reader, text, [...at, 'start']),
    wait: parseWait(reader, text.wait, [...at, 'wait']),
    download: parseDownload(reader, text.download, [...at, 'download']),
    period: text.period === undefined ? undefined : parsePeriod(reader, text.period, [...at, 'period']),
  };
}

function parseStart(reader: Reader, { start, period }: ReportText, at: KeyPath): ReportDefinition['start'] {
  const { method = 'POST', path, headers, body, reference } = start;
  if (method === 'GET' && body !== undefined) {
    reader.report('wrong-value', [...at, 'body'], { what: 'a GET has no body' });
  }
  const times = period === undefined ? [] : (['since', 'until'] as const);
  return {
    method,
    path: reader.template(path, [...at, 'path'], ['settings', ...times]),
    headers: reader.headers(headers, [...at, 'headers'], ['settings', 'key.uuid', ...times]),
    body: body === undefined ? undefined : parseBody(reader, body, [...at, 'body'], ['settings', ...times]),
    reference: reader.path(reference, [...at, 'reference']),
  };
}

function parseWait(reader: Reader, text: ReportText['wait'], at: KeyPath): ReportDefinition['wait'] {
  const { path, every, longest, until, failed, message, missing } = text;
  return {
    path: reader.template(path, [...at, 'path'], ['settings', 'reference']),
    everyMs: Math.max(1, milliseconds(every, 10_000)),
    longestMs: milliseconds(longest, 30 * MINUTE_MS),
    until: parseConditions(reader, until, [...at, 'until']),
    failed: parseConditions(reader, failed, [...at, 'failed']),
    message: message === undefined ? undefined : reader.path(message, [...at, 'message']),
    missing: statusTexts(missing, ['404', '410']),
  };
}

function parseDownload(reader: Reader, text: ReportText['download'], at: KeyPath): ReportDefinition['download'] {
  const { url, signIn = false, format, expired, bytes = BYTES } = text;
  const options = Object.entries(text).filter(([name]) => Object.hasOwn(fileOptions, name));
  for (const [name] of format === 'csv' ? [] : options) {
    if (name !== 'encoding')
      reader.report('wrong-value', [...at, name], { what: `"${name}" has no meaning in ${format}` });
  }
  return {
    url: reader.path(url, [...at, 'url']),
    signIn,
    format,
    options: Object.fromEntries(options),
    expired: statusTexts(expired, ['401', '403', '404', '410']),
    bytes,
  };
}

function parsePeriod(reader: Reader, text: PeriodText, at: KeyPath): PeriodDefinition {
  const { step, longest, start, lag, format = 'iso', end } = text;
  const stepMs = milliseconds(step, DAY_MS);
  const longestMs = milliseconds(longest, 30 * DAY_MS);
  if (stepMs < MINUTE_MS) reader.report('wrong-value', [...at, 'step'], { what: 'a step has at least a minute' });
  if (format === 'date' && stepMs % DAY_MS !== 0) {
    reader.report('wrong-value', [...at, 'step'], { what: 'dates tell whole days apart, no parts of them' });
  }
  if (longestMs < stepMs) {
    reader.report('wrong-value', [...at, 'longest'], { what: 'a report is about one step at least' });
  }
  const startMs = Math.max(stepMs, milliseconds(start, 30 * DAY_MS));
  return {
    stepMs,
    longestMs,
    startMs,
    lagMs: milliseconds(lag, 60 * MINUTE_MS),
    format,
    isEndInside: end === 'inclusive',
  };
}

function milliseconds(text: string | undefined, absent: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? absent;
}
