import type { JsonSchema } from '../../core/json.ts';
import { outcomeClasses } from '../../core/provider.ts';
import { object, oneOrMore, statuses, text } from '../schema-parts.ts';

const scalarTypes = ['string', 'number', 'boolean'];

export const conditions = (description: string): JsonSchema => ({
  type: 'object',
  description,
  minProperties: 1,
  additionalProperties: { type: [...scalarTypes, 'array'], minItems: 1, items: { type: scalarTypes } },
});

const rules = (description: string, required: readonly string[]): JsonSchema => ({
  type: 'array',
  description,
  items: object(
    'A rule.',
    {
      status: statuses,
      headers: {
        type: 'object',
        description: 'Header of the answer → the value, or list of values, it must have.',
        minProperties: 1,
        additionalProperties: oneOrMore('A value, or values.'),
      },
      body: conditions('Path in the answer → the value, or list of values, it must have.'),
      after: {
        enum: ['lost'],
        description: 'Fits only when an earlier attempt of this request may have arrived.',
      },
      class: { enum: outcomeClasses, description: 'The outcome class.' },
      answer: {
        enum: ['json', 'json or empty', 'any'],
        description:
          'What the body must be for the verdict to count; otherwise the outcome is AMBIGUOUS. ' +
          'Default: `json or empty` where the verdict is final, `any` for FIX_ and RETRY_ classes.',
      },
    },
    required,
  ),
});

export const outcomes = rules('What an answer means. The first rule that fits counts.', ['status', 'class']);

export const itemOutcomes = rules(
  'What a result means; `body` and `class` are enough. The first rule that fits counts; without one it is AMBIGUOUS.',
  ['class'],
);

const list = object(
  'A list of messages that name their field themselves.',
  {
    each: text('Path of the messages: errors[].'),
    text: text('Path of the text in one of them.'),
    field: text('Path of the name of the field in one of them.'),
    prefix: text('Put before the name of the field, to make it a path in what was sent: products[0].'),
  },
  ['each', 'text'],
);

const messagePaths = (description: string): JsonSchema =>
  object(description, {
    text: oneOrMore('Path, or paths, of a message.'),
    fields: oneOrMore('Path, or paths, of an object: field name → text or list of texts.'),
    inside: {
      ...text('Regular expression that finds messages inside these texts: (?<field>[\\w.]+): (?<text>[^;]+)'),
      format: 'regex',
    },
    explain: {
      type: 'object',
      description: 'Word that may stand in a message → what it means, told behind it.',
      minProperties: 1,
      additionalProperties: text('What it means.'),
    },
    list: {
      ...list,
      type: ['object', 'array'],
      description: 'A list of messages that name their field themselves, or several such lists.',
      items: list,
      minItems: 1,
    },
  });

export const messages = messagePaths('Where an answer says what is wrong.');
export const notices = messagePaths('Where the answer to something accepted carries warnings that people should see.');
