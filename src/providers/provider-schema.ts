import { durationPattern } from '../core/duration.ts';
import type { JsonSchema } from '../core/json.ts';
import { outcomeClasses } from '../core/provider.ts';
import { ratePattern } from './pace.ts';

type Properties = Readonly<Record<string, JsonSchema>>;

const text = (description: string): JsonSchema => ({ type: 'string', minLength: 1, description });
const duration = (description: string): JsonSchema => ({ type: 'string', pattern: durationPattern, description });
const whole = (minimum: number, maximum: number, description: string): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
const object = (description: string, properties: Properties, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  description,
  additionalProperties: false,
  properties,
  required,
});
const named = (description: string, pattern: string, value: JsonSchema): JsonSchema => ({
  type: 'object',
  description,
  propertyNames: { pattern },
  additionalProperties: value,
});
const oneOrMore = (description: string): JsonSchema => ({
  type: ['string', 'array'],
  description,
  minLength: 1,
  minItems: 1,
  items: { type: 'string', minLength: 1 },
});

const name = '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*$';
const headers = named(
  'Header name → template.',
  "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
  text('Template: {key}, {payload.Path}, {settings.name}.'),
);
const path = (description: string): JsonSchema => ({ type: 'string', pattern: '^/', description });

const statuses: JsonSchema = {
  description: 'HTTP statuses: 409, 5xx, or a list of them.',
  type: ['integer', 'string', 'array'],
  minimum: 100,
  maximum: 599,
  pattern: '^[1-5]xx$',
  minItems: 1,
  items: { type: ['integer', 'string'], minimum: 100, maximum: 599, pattern: '^[1-5]xx$' },
};

const outcomes: JsonSchema = {
  type: 'array',
  description: 'What an answer means. The first rule that fits counts.',
  items: object(
    'A rule.',
    {
      status: statuses,
      body: {
        type: 'object',
        description: 'Path in the answer → the value, or list of values, it must have.',
        minProperties: 1,
        additionalProperties: {
          type: ['string', 'number', 'boolean', 'array'],
          minItems: 1,
          items: { type: ['string', 'number', 'boolean'] },
        },
      },
      class: { enum: outcomeClasses, description: 'The outcome class.' },
      answer: {
        enum: ['json', 'json or empty', 'any'],
        description:
          'What the body must be for the verdict to count; otherwise the outcome is AMBIGUOUS. ' +
          'Default: `json or empty` where the verdict is final, `any` for FIX_ and RETRY_ classes.',
      },
    },
    ['status', 'class'],
  ),
};

const messages = object('Where an answer says what is wrong.', {
  text: oneOrMore('Path, or paths, of a message.'),
  fields: oneOrMore('Path, or paths, of an object: field name → text or list of texts.'),
  list: object(
    'A list of messages that name their field themselves.',
    {
      each: text('Path of the messages: errors[].'),
      text: text('Path of the text in one of them.'),
      field: text('Path of the name of the field in one of them.'),
    },
    ['each', 'text'],
  ),
});

const key = object(
  'The key under which the provider will know the document.',
  {
    from: text('Template: {document.key}, {payload.hash:8}, {payload.ProductId}, {settings.name}.'),
    pattern: { ...text('Regular expression for the whole key.'), format: 'regex' },
    maxLength: whole(1, 255, 'Most characters; 200 when absent.'),
    expected: text('The rule in words, for messages.'),
  },
  ['from'],
);

const lookUp = object(
  'The read that tells, after an unknown outcome, whether the provider has the record.',
  {
    path: path('Path template; {key} is percent-encoded.'),
    record: text('Path of the record in the answer; absent there means missing. Default $.'),
    missing: { ...statuses, description: 'Statuses that say there is no such record. Default 404.' },
    same: {
      type: 'array',
      description: 'Paths that must be equal in what was sent and in the record, for the record to be ours.',
      items: text('A path.'),
      minItems: 1,
    },
  },
  ['path', 'same'],
);

const operation = object(
  'Something that can be submitted.',
  {
    summary: text('One line.'),
    method: { enum: ['PUT', 'POST', 'PATCH', 'DELETE'], description: 'HTTP method.' },
    path: path('Path template; values are percent-encoded: /v1/Orders/{key}.'),
    headers,
    body: text('JSON Schema file of the payload, relative to this file. Without it nothing is sent but the key.'),
    key,
    repeat: {
      enum: ['url', 'header', 'body', 'none'],
      description: 'Where the provider finds the key that makes a repeated request harmless.',
    },
    reference: text("The provider's own id: {key}, or a path in the answer: {answer.id}."),
    outcomes,
    messages,
    lookUp,
  },
  ['summary', 'method', 'path', 'key', 'repeat'],
);

const paging: JsonSchema = {
  ...object('How to go on after a page. Absent: one page is all.', {
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
  }),
  minProperties: 1,
  maxProperties: 1,
};

const feed = object(
  'Something that can be read.',
  {
    summary: text('One line.'),
    path: path('Path template.'),
    headers,
    query: named('Query parameter → template.', '.', text('Template: {settings.name}.')),
    paging,
    items: oneOrMore('Path, or paths, of the list of items; the first that leads to a list counts. Default $.'),
    empty: { ...statuses, description: 'Statuses that say there is nothing to read.' },
    identity: text('Path that tells one item from another. Streams use their index.'),
    document: oneOrMore('Path, or paths, of the key of our document in an item; the first that tells counts.'),
    outcomes,
  },
  ['summary', 'path'],
);

/** The language of provider.yaml: validation, editor completion and reference come from here. */
export const providerSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A logistics provider',
  ...object(
    'Describes a logistics API, without code.',
    {
      summary: text('One line.'),
      sandbox: path('Where the built-in sandbox plays this provider.'),
      settings: named(
        'What the definition needs from the configuration.',
        '^[a-z][A-Za-z0-9]*$',
        object(
          'A setting.',
          {
            summary: text('One line.'),
            secret: { type: 'boolean', description: 'Never shown, never stored; only `auth` may use it.' },
            default: text('Value when the configuration gives none. Without it the setting is required.'),
          },
          ['summary'],
        ),
      ),
      auth: object('How requests prove who sends them.', {
        headers: { ...headers, description: 'Header name → template of settings, added when a request is sent.' },
      }),
      headers: { ...headers, description: 'Headers of every request. No secrets: they belong into `auth`.' },
      limits: object('What the provider bears.', {
        rate: {
          type: 'string',
          pattern: ratePattern,
          description: 'Requests per second, minute or hour: 20/s.',
        },
        concurrency: whole(1, 256, 'Requests under way at once.'),
        connect: duration('Longest time to connect.'),
        answer: duration('Longest time from the first byte sent to the last byte received.'),
        answerBytes: whole(1024, 1_073_741_824, 'Longest answer.'),
      }),
      retry: object('How transient failures are met.', {
        base: duration('First wait; doubled each time.'),
        cap: duration('Longest wait.'),
        attempts: whole(1, 100, 'Attempts before the work is parked.'),
      }),
      outcomes,
      messages,
      operations: named('Operations by name: order.create.', name, operation),
      feeds: named('Feeds by name: shipments.', name, feed),
    },
    ['summary'],
  ),
};
