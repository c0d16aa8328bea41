import type { JsonSchema } from '../../core/json.ts';
import { recordTypesSchema } from '../record-types.ts';
import { charsetOptions, numberOptions } from '../writing/cell-options.ts';
import { envelopeSchema } from '../writing/envelope.ts';
import { textReadOptions, textWriteOptions, textWriteRules } from '../text/options.ts';

// As long as a record may be (core/limits.ts); a field of it is bounded by the limit of values.
const LONGEST_RECORD = 1024 * 1024;
const LONGEST_FIELD = 64 * 1024;
const MOST_FIELDS = 2000;

const first = { type: 'integer', minimum: 1, maximum: LONGEST_RECORD };
const width = { type: 'integer', minimum: 1, maximum: LONGEST_FIELD };
const recordLength = { type: 'integer', minimum: 1, maximum: LONGEST_RECORD };
const padding = {
  pad: {
    type: 'string',
    pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]$',
    description: 'The character that fills the field up. In reading it is taken away only where it is declared.',
  },
  align: {
    enum: ['left', 'right'],
    description: 'Where the text stands; the padding is on the other side. Default: right for pad: "0", else left.',
  },
};

const fields = {
  type: 'object',
  minProperties: 1,
  maxProperties: MOST_FIELDS,
  propertyNames: { minLength: 1 },
};

const readFields = {
  ...fields,
  description: 'Fields by name: [first position, length], or { at, length, pad, align }. Positions count from 1.',
  additionalProperties: {
    type: ['array', 'object'],
    minItems: 2,
    maxItems: 2,
    prefixItems: [first, width],
    items: { type: 'integer' },
    required: ['at', 'length'],
    additionalProperties: false,
    properties: {
      at: { ...first, description: 'First position, from 1.' },
      length: { ...width, description: 'How many positions it takes.' },
      ...padding,
    },
  },
};

const unit = {
  enum: ['characters', 'bytes'],
  description:
    'What positions and lengths count. bytes: so many bytes of the encoding, where other systems count them. Default: characters; bytes with lineEnds: none.',
};

export const readOptions: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    fields: { ...readFields, description: `${readFields.description} For files whose records are all of one kind.` },
    records: recordTypesSchema(
      {
        fields: readFields,
        length: { ...recordLength, description: 'Length of records of this type, where they differ.' },
      },
      'its first position',
    ),
    length: {
      ...recordLength,
      description: 'Length of a record. Default: the end of its last field; with lineEnds: none, of the longest type.',
    },
    unit,
    lineEnds: {
      enum: ['any', 'none'],
      default: 'any',
      description:
        'any: each record is a line. none: records follow one another without line ends, each as long as length; lines are then counted in records.',
    },
    short: {
      enum: ['pad', 'reject'],
      default: 'pad',
      description:
        'A line that ends early. pad: what is missing is blank, unless the line breaks off inside a field aligned right or is the last one and has no line end. reject: an issue.',
    },
    long: {
      enum: ['ignore-blank', 'reject'],
      default: 'ignore-blank',
      description:
        'A line that is longer than its record. ignore-blank: only text there is an issue. reject: blanks too.',
    },
    tabs: {
      enum: ['reject', 'keep'],
      default: 'reject',
      description: 'A tab in a record moves what follows out of its columns: an issue, or a character like others.',
    },
    header: {
      type: 'object',
      description: 'What stands above the records.',
      required: ['lines'],
      additionalProperties: false,
      properties: {
        lines: { type: 'integer', minimum: 1, maximum: 1000, description: 'So many lines are no records.' },
      },
    },
    ignore: {
      type: ['string', 'array'],
      minLength: 1,
      minItems: 1,
      items: { type: 'string', minLength: 1 },
      description: 'Lines that begin with this text, or with one of these, are skipped and counted.',
    },
    ...textReadOptions,
  },
};

const overflow = {
  enum: ['fail', 'cut'],
  default: 'fail',
  description: 'A value that is too long: fail is an issue and its row waits, cut keeps its beginning.',
} as const;

const ownRecord = {
  ...fields,
  additionalProperties: {
    type: 'object',
    required: ['length', 'value'],
    additionalProperties: false,
    properties: {
      at: { ...first, description: 'First position, from 1. Default: behind the field before it.' },
      length: { ...width, description: 'How many positions it takes.' },
      value: { type: ['string', 'number'], description: 'What stands there, with places such as {rows}.' },
      ...padding,
      overflow,
    },
  },
};

const writeFields = {
  ...fields,
  description: 'The layout, by column: a length, [first position, length], or { at, length, align, pad, overflow }.',
  additionalProperties: {
    type: ['integer', 'array', 'object'],
    minimum: 1,
    maximum: LONGEST_FIELD,
    minItems: 2,
    maxItems: 2,
    prefixItems: [first, width],
    items: { type: 'integer' },
    required: ['length'],
    additionalProperties: false,
    properties: {
      at: { ...first, description: 'First position, from 1. Default: behind the field before it.' },
      length: { ...width, description: 'How many positions it takes.' },
      ...padding,
      overflow,
    },
  },
} as const;

/** What a record type that is written says of its layout. */
const writeType: JsonSchema = {
  description: 'The layout of a record type of the mapping.',
  type: 'object',
  required: ['fields'],
  additionalProperties: false,
  properties: {
    fields: { ...writeFields, description: `${writeFields.description} Of one record type.` },
    length: { ...recordLength, description: 'Length of records of this type, where they differ.' },
  },
};

export const writeOptions: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    fields: writeFields,
    length: {
      ...recordLength,
      description: 'Length of a record, filled with blanks. Default: where the longest ends.',
    },
    unit: { ...unit, description: 'What positions and lengths count. Default: characters.' },
    lineBreaks: {
      enum: ['fail', 'blank'],
      default: 'fail',
      description:
        'Line breaks, tabs and other control characters inside a value: fail is an issue and its row waits; blank writes a blank.',
    },
    ...numberOptions,
    ...charsetOptions,
    records: envelopeSchema(ownRecord, writeType),
    ...textWriteOptions,
    lineEnd: {
      ...textWriteOptions.lineEnd,
      enum: [...textWriteOptions.lineEnd.enum, 'none'],
      description: `${textWriteOptions.lineEnd.description} none: records follow one another.`,
    },
  },
  ...textWriteRules,
};
