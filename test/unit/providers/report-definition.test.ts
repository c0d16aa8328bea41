import { describe, expect, it } from 'vitest';
import { encodings } from '../../../src/formats/text/encodings.ts';
import { fileOptions } from '../../../src/providers/report/report-schema.ts';
import { feedOf, findings, open } from './support.ts';

const start = 'start: { path: /reports, reference: id }';
const wait = 'wait: { path: "/reports/{reference}", until: { state: done } }';
const download = 'download: { url: url, format: csv }';
const report = (parts: readonly string[], more = 'identity: hash'): string =>
  `summary: test\nsettings:\n  token: { summary: x, secret: true, default: x }\nfeeds:\n  things: { summary: things, report: { ${parts.join(', ')} }, ${more} }\n`;

describe('a feed that is a report', () => {
  it('needs what starts it, what it is waited for by and where its rows are', () => {
    expect(findings(report([start, wait, download]))).toEqual([]);
    for (const missing of [start, wait, download])
      expect(findings(report([start, wait, download].filter((part) => part !== missing)))).toHaveLength(1);
  });

  it('is a snapshot without periods and a stream with them', () => {
    const kindOf = (parts: readonly string[]): string =>
      feedOf(open(report(parts), 'http://127.0.0.1:9'), 'things').kind;
    expect([kindOf([start, wait, download]), kindOf([start, wait, download, 'period: {}'])]).toEqual([
      'snapshot',
      'stream',
    ]);
  });

  it.each([
    ['paging', 'identity: hash, paging: { link: {} }', '"paging" has no meaning beside "report"'],
    ['each', 'identity: hash, each: { a: [b] }', '"each" has no meaning beside "report"'],
    ['no identity', 'document: key', '"identity" is missing'],
    ['a path of its own', 'identity: hash, path: /x', 'things'],
    ['a time without periods', 'identity: hash, add: { day: "{since}" }', '{since} cannot be used here'],
  ])('is told of %s that cannot work', (_what, more, told) => {
    expect(findings(report([start, wait, download], more)).join()).toContain(told);
  });

  it.each([
    [
      'a time without periods',
      'start: { path: /r, reference: id, body: { from: "{since}" } }',
      download,
      '{since} cannot be used here',
    ],
    ['a body of a GET', 'start: { path: /r, method: GET, reference: id, body: {} }', download, 'a GET has no body'],
    [
      'a secret in a body',
      'start: { path: /r, reference: id, body: { t: "{settings.token}" } }',
      download,
      'the secret setting',
    ],
    [
      'an option of another format',
      start,
      'download: { url: url, format: ndjson, delimiter: ";" }',
      'has no meaning in ndjson',
    ],
    ['an unknown format', start, 'download: { url: url, format: xls }', 'download.format'],
    ['half days as dates', start, `${download}, period: { format: date, step: 12h }`, 'whole days'],
    ['a report shorter than a step', start, `${download}, period: { longest: 1h }`, 'one step at least'],
    ['a step that is too short', start, `${download}, period: { step: 1s }`, 'at least a minute'],
  ])('is told of %s', (_what, first, last, told) => {
    const found = findings(report([first, wait, last]));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(told);
  });

  it('names encodings that are read', () => {
    const { enum: named = [] } = fileOptions['encoding'] as { enum?: readonly string[] };
    expect(named.filter((name) => !(encodings as readonly string[]).includes(name))).toEqual([]);
  });
});
