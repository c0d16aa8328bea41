import type { JsonSchema } from '../../core/json.ts';
import { conditions } from '../outcome/outcome-schema.ts';
import { duration, headers, object, path, statuses, text, whole } from '../schema-parts.ts';

/** Of what formats read, by their own names: how the file of a report is written. */
export const fileOptions: Readonly<Record<string, JsonSchema>> = {
  delimiter: { ...text('The one character between values. Default a comma.'), maxLength: 1 },
  quote: text('The character around values; `none` when there is none. Default ".'),
  encoding: {
    enum: ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1', 'iso-8859-15', 'shift_jis', 'gb18030'],
    description: 'Encoding of the file. A byte order mark in it wins. Default utf-8.',
  },
  ragged: { enum: ['reject', 'pad', 'trim'], description: 'Rows with another number of values. Default reject.' },
  comment: text('Lines that begin with it are no rows.'),
};

const start = object(
  'The request that orders a report.',
  {
    method: { enum: ['POST', 'GET'], description: 'HTTP method. Default POST.' },
    path: path('Path template.'),
    headers: {
      ...headers,
      description: 'Header → template; {key.uuid} is the same however often one report is ordered.',
    },
    body: { type: 'object', description: 'JSON body; texts in it are templates: {since}, {until}, {settings.name}.' },
    reference: text('Path of the name of the report in the answer.'),
  },
  ['path', 'reference'],
);

const wait = object(
  'How to learn that it is done.',
  {
    path: path('Path template: /reports/{reference}.'),
    every: duration('How often is asked. Default 10s.'),
    longest: duration('How long a report is waited for. Default 30m.'),
    until: conditions('Path in the answer → the values that say it is done.'),
    failed: conditions('Path in the answer → the values that say it will not be.'),
    message: text('Path of why not.'),
    missing: { ...statuses, description: 'Statuses that say there is no such report any more. Default 404, 410.' },
  },
  ['path', 'until'],
);

const download = object(
  'Where its rows are.',
  {
    url: text('Path of the address of the file in the last answer: https, or at the address of the provider.'),
    signIn: { type: 'boolean', description: 'The file is asked for with our credentials: only at the own address.' },
    format: { enum: ['csv', 'ndjson'], description: 'How the file is written.' },
    ...fileOptions,
    expired: {
      ...statuses,
      description: 'Statuses that say the address is not good any more. Default 401, 403, 404, 410.',
    },
    bytes: whole(1024, 17_179_869_184, 'Longest file. Default 536870912.'),
  },
  ['url', 'format'],
);

const period = object(
  'Reports are about a time: each step of it is in one of them. Without it a report is a snapshot.',
  {
    step: duration('The smallest part, in UTC. Default 1d.'),
    longest: duration('Most that one report is asked for. Default 30d.'),
    start: duration('How far back of now the first report begins. Default 30d.'),
    lag: duration('How long after its end a step is asked for. Default 1h.'),
    format: { enum: ['date', 'iso', 'epoch-ms'], description: 'How {since} and {until} are written. Default iso.' },
    end: {
      enum: ['inclusive', 'exclusive'],
      description: 'Whether {until} belongs to the report: the last day of it, or the one after. Default exclusive.',
    },
  },
);

/** The language of a report. */
export const reportSchema: JsonSchema = object(
  'The items are rows of a file that the provider makes on request.',
  { start, wait, download, period },
  ['start', 'wait', 'download'],
);
