import type { JsonSchema } from '../../core/json.ts';
import { batchSchema } from '../batch/batch-schema.ts';
import { conditions, messages, notices, outcomes } from '../outcome/outcome-schema.ts';
import { duration, headers, named, object, oneOrMore, path, statuses, text, whole } from '../schema-parts.ts';

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

const method = { enum: ['PUT', 'POST', 'PATCH', 'DELETE'], description: 'HTTP method.' };
const body: JsonSchema = { type: 'object', description: 'JSON body; every text in it is a template.' };

const read = {
  method: { enum: ['GET', 'POST'], description: 'Default GET.' },
  path: path('Path template; values are percent-encoded.'),
  body,
  record: text('Path of the record, or of candidates for it, in the answer; absent there means missing. Default $.'),
  where: named('Path in a candidate → template of the text it must have.', '.', text('Template: {key}.')),
  missing: { ...statuses, description: 'Statuses that say there is no such record. Default 404.' },
};

const unfinished = object(
  'What makes a record of ours go on that the provider left undone.',
  {
    when: conditions('Path in the record → the value, or list of values, it must have.'),
    method,
    path: path('Path template: {record.id}, {key}.'),
    body,
    outcomes,
  },
  ['when', 'method', 'path'],
);

const lookUp = object(
  'The read that tells, after an unknown outcome, whether the provider has the record.',
  {
    ...read,
    same: {
      type: 'array',
      description:
        'Paths that must be equal in what was sent and in the record, for the record to be ours. Only an operation that ' +
        'finds its record leaves it out: then `where` says what the record has once it is done.',
      items: {
        type: ['string', 'object'],
        minLength: 1,
        additionalProperties: false,
        properties: {
          ours: text('A path in what was sent.'),
          theirs: text('The path in the record. Default the same.'),
          when: {
            enum: ['ours', 'both'],
            description:
              'ours: compared only where a value was sent, for what the provider fills in itself. both: only where the ' +
              'record has it too. Default always.',
          },
        },
        required: ['ours'],
      },
      minItems: 1,
    },
    unfinished: {
      type: 'array',
      description: 'Instead of sending it again, makes a record go on that is ours and not done. The first that fits.',
      items: unfinished,
    },
  },
  ['path'],
);

const find = object(
  'A read before the first send; without a record the outcome is NOT_FOUND.',
  {
    ...read,
    take: named('Name → path in the record; the path uses it as {found.name}.', '^[A-Za-z]\\w*$', text('Path.')),
    done: conditions(
      'Path in the record → values that say there is nothing left to do: the outcome is ACCEPTED, and nothing is sent.',
    ),
    called: text('What is looked for, in words, for messages. Default the first word of the operation.'),
    wait: object(
      'The record may come later: until then the document waits, and others go on.',
      {
        every: duration('Most time between two looks; they begin close together.'),
        longest: duration('After this the outcome is NOT_FOUND.'),
      },
      ['every', 'longest'],
    ),
  },
  ['path', 'take'],
);

const resolve = object(
  'Values of the payload that are replaced, before the first send, by what the provider calls them.',
  {
    ...read,
    at: text('Path of the values: lineItems[].logisticsSku.'),
    unless: {
      ...text('Regular expression of values that stay where nothing is found by them: they are names of the provider.'),
      format: 'regex',
    },
    path: path('Path template: {value}.'),
    take: text("Path of the provider's value in the record."),
    remember: duration('How long an answer may serve for other documents. Default not at all.'),
  },
  ['at', 'path', 'take'],
);

const job = object(
  'The answer only promises: the job is asked for until it is settled.',
  {
    when: { ...statuses, description: 'Statuses of answers that only promise.' },
    path: path('Path template: {answer.jobId}.'),
    every: duration('Time between two questions. Default 1s.'),
    longest: duration('After this the outcome is AMBIGUOUS. Default 60s.'),
    until: conditions('Path in the answer about the job → values that say it is settled.'),
    outcomes,
  },
  ['when', 'path', 'until'],
);

const upload = object(
  'Sends the file that was dropped to an address that the answer names, without what proves who we are.',
  {
    method: { enum: ['PUT', 'POST'], description: 'Default PUT.' },
    url: text('Template of the whole address: {answer.uploadUrl}. Only https, or the address of the provider itself.'),
    headers,
    outcomes: {
      ...outcomes,
      description:
        'What the answer to the upload means. The first rule that fits counts; then 2xx is ACCEPTED, 401, 403, 404 and 410 an address that is used up (RETRY_LATER), any other 4xx FIX_DATA.',
    },
  },
  ['url'],
);

export const operationSchema = object(
  'Something that can be submitted.',
  {
    summary: text('One line.'),
    method,
    path: path('Path template; values are percent-encoded: /v1/Orders/{key}.'),
    headers,
    body: text('JSON Schema file of the payload, relative to this file. Without it nothing is sent but the key.'),
    key,
    repeat: {
      enum: ['url', 'header', 'body', 'none'],
      description: 'Where the provider finds the key that makes a repeated request harmless.',
    },
    revisions: {
      enum: ['none', 'each', 'always'],
      description:
        'each: a later document with the same key and other content is a further change. always: it is a further ' +
        'request, whatever it says, unless it comes in the very same file. Default none.',
    },
    set: named(
      'Field of the payload → template of a text, put in when the request is made: {key}, {key.uuid}.',
      '.',
      text('Template.'),
    ),
    find,
    resolve: { type: 'array', description: 'What is looked up before the first send.', items: resolve },
    job,
    upload,
    reference: oneOrMore("The provider's own id, {key} or {answer.id}; of a list the first that has a value."),
    outcomes,
    messages,
    notices,
    lookUp,
    batch: batchSchema,
  },
  ['summary', 'method', 'path', 'key', 'repeat'],
);
