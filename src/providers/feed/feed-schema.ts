import type { JsonSchema } from '../../core/json.ts';
import { conditions } from '../outcome/outcome-schema.ts';
import { reportSchema } from '../report/report-schema.ts';
import { duration, headers, named, object, oneOrMore, path, statuses, text, whole } from '../schema-parts.ts';

const exactlyOne = (schema: JsonSchema): JsonSchema => ({ ...schema, minProperties: 1, maxProperties: 1 });
const fieldName = '^[A-Za-z_][A-Za-z0-9_]*$';

const limit = text('Query parameter of the page size.');
const size = whole(1, 100_000, 'Page size.');

const paging = exactlyOne(
  object('How to go on after a page. Absent: one page is all.', {
    index: object(
      'Items carry ascending 64-bit indexes; gaps are read again later.',
      {
        parameter: text('Query parameter: read from this index on, inclusive.'),
        field: text('Path of the index in an item.'),
        start: { type: 'string', pattern: '^\\d+$', description: 'First index, in quotes. Default "0".' },
        gapChecks: {
          type: 'array',
          description: 'After how long missing indexes are read again, ascending.',
          items: duration('A duration: 5m.'),
        },
      },
      ['parameter', 'field'],
    ),
    numberedKey: object(
      'The first answer names a snapshot and counts its pages; page n is `<key>-<n>`.',
      {
        parameter: text('Query parameter of the page key.'),
        key: text('Path of the name of the snapshot.'),
        pages: text('Path of the number of pages.'),
        truncated: text('Path of the flag that the result was cut.'),
      },
      ['parameter', 'key', 'pages'],
    ),
    offset: object(
      'Pages begin behind a count of items; an empty page is the end.',
      {
        parameter: text('Query parameter of the count.'),
        limit,
        size,
        smallest: whole(1, 100_000, 'Smallest page size. Default: size.'),
        shrinkOn: { ...statuses, description: 'Statuses on which the page size is halved, down to the smallest: 504.' },
      },
      ['parameter', 'limit', 'size'],
    ),
    page: object(
      'Pages have numbers; an empty page is the end.',
      {
        parameter: text('Query parameter of the page number.'),
        limit,
        size,
        first: whole(0, 1, 'Number of the first page. Default 1.'),
        pages: text('Path of the number of pages: the walk ends there, and goes on behind an empty page before.'),
      },
      ['parameter'],
    ),
    link: object('The next page is the one that a Link header calls rel="next", on the same host.', { limit, size }),
    token: {
      ...object(
        'An answer holds the token of the next page; none is the end.',
        {
          field: text('Path of the token in the answer.'),
          parameter: text('Query parameter the token goes into.'),
          body: text('Place in the body the token goes to: names with points between.'),
        },
        ['field'],
      ),
      minProperties: 2,
      maxProperties: 2,
    },
  }),
);

const changes = object(
  'The feed is a stream of changes without indexes: it is read by the time of the last change seen.',
  {
    since: object(
      'How changes from a time on are asked for. Exactly one of parameter and body.',
      {
        parameter: text('Query parameter of the time.'),
        body: text('Place of the time in the body: names with points between.'),
        until: text('The same for the end of the stretch of time; needed for slice.'),
        format: { enum: ['iso', 'epoch-ms'], description: 'How the request writes times. Default iso.' },
        field: text('Path of the time in an item: ISO text or milliseconds since 1970.'),
        overlap: duration('How far back of the last change each walk begins. Default 5m.'),
        slice: duration('Longest stretch of time the provider answers for at once.'),
        start: duration('How far back the first walk begins. Default 30d.'),
      },
      ['field'],
    ),
    dead: { ...statuses, description: 'Statuses that say that the token of a page is gone: the walk starts anew.' },
  },
  ['since'],
);

const follow: JsonSchema = {
  type: 'array',
  minItems: 1,
  description: 'Records that an item only names: each is read, and put into the item.',
  items: {
    ...object(
      'A read: of one record by its path, or of a list that has all of them.',
      {
        when: conditions('Path in the item → the value, or list of values, it must have.'),
        path: path('Path template: /orders/{item.payload.orderId}.'),
        as: { ...text('Field of the item that gets the record; of a list all that are named.'), pattern: fieldName },
        missing: { ...statuses, description: 'Statuses that say there is no such record. Default 404.' },
        list: text('Feed whose items are named by their identities; it is read whole, and remembered.'),
        by: oneOrMore('Path, or paths, of the identities in the item: lineItems[].sku.'),
        take: {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: text('Name of a field.'),
          description: 'Fields of a record of the list that are kept.',
        },
        remember: duration(
          'How long the list is remembered. Default 1d; for one it does not have it is read again after 15m.',
        ),
      },
      ['as'],
    ),
    oneOf: [{ required: ['path'] }, { required: ['list', 'by', 'take'] }],
    dependentSchemas: {
      list: { properties: { when: false, missing: false } },
      path: { properties: { by: false, take: false, remember: false } },
    },
  },
};

const track = object(
  'No list exists: records of accepted submissions are read one by one until they are done.',
  {
    operations: {
      type: 'array',
      minItems: 1,
      items: text('Name of an operation.'),
      description: 'Operations whose submissions are followed.',
    },
    path: path('Path template: {key} and {reference} of the submission.'),
    every: duration('How often a record is read at most. Default 5m.'),
    until: conditions('Path in the record → the values that say it is done.'),
    for: duration('How long after it was accepted a record is read at most. Default 60d.'),
  },
  ['operations', 'path'],
);

/** The language of a feed; `outcomes` as everywhere. */
export const feedSchema = (outcomes: JsonSchema): JsonSchema => ({
  ...object(
    'Something that can be read.',
    {
      summary: text('One line.'),
      path: path('Path template.'),
      request: object('A read that is not a plain GET.', {
        method: { enum: ['GET', 'POST'], description: 'HTTP method. Default GET.' },
        body: { type: 'object', description: 'JSON body; texts in it are templates.' },
      }),
      headers,
      query: named('Query parameter → template.', '.', text('Template: {settings.name}, {each.name}.')),
      paging,
      each: {
        ...named('Name → values: the feed is walked once for each value.', fieldName, {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: { type: ['string', 'number'], minLength: 1 },
        }),
        minProperties: 1,
      },
      add: named(
        'Field that every item gets → template.',
        fieldName,
        text(
          'Template: {each.name}, {settings.name}; with track also {key}, {reference}, with report {since}, {until}, {row}.',
        ),
      ),
      items: oneOrMore('Path, or paths, of the list of items; the first that leads to a list counts. Default $.'),
      empty: { ...statuses, description: 'Statuses that say there is nothing to read.' },
      identity: oneOrMore(
        'Path, or paths together, that tell one item from another; `hash` for the whole content. Streams with indexes use those.',
      ),
      document: oneOrMore('Path, or paths, of the key of our document in an item; the first that tells counts.'),
      changes,
      follow,
      track,
      report: reportSchema,
      outcomes,
    },
    ['summary'],
  ),
  oneOf: [{ required: ['path'] }, { required: ['track'] }, { required: ['report'] }],
});
