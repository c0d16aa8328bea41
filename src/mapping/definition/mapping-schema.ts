import type { Format } from '../../core/format.ts';
import type { JsonSchema } from '../../core/json.ts';
import { controlsSchema } from '../controls/schema.ts';
import { choice, readSchema, writeSchema } from './format-schema.ts';
import { nodeSchema, whenSchema } from './node-schema.ts';

/** Schema of a mapping file: for validation, for editors and for the reference. Options come from the formats. */
export function mappingSchema(formats: ReadonlyMap<string, Format>): JsonSchema {
  const schema = known.get(formats) ?? composeSchema(formats);
  known.set(formats, schema);
  return schema;
}

// One object per set of formats, so that whoever compiles it can do so once.
const known = new WeakMap<ReadonlyMap<string, Format>, JsonSchema>();

function composeSchema(formats: ReadonlyMap<string, Format>): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A mapping of dray',
    description: 'How documents are read from files and built for a provider, or how facts of a provider become rows.',
    type: 'object',
    ...choice(
      { type: 'object', required: ['write'], properties: { write: true } },
      { $ref: '#/$defs/outbound' },
      { $ref: '#/$defs/inbound' },
    ),
    $defs: {
      inbound: inboundSchema,
      outbound: outboundSchema,
      read: readSchema(formats),
      write: writeSchema(formats),
      key: keySchema,
      node: nodeSchema,
      when: whenSchema,
      scalar: { type: ['string', 'number', 'boolean', 'null'] },
      table: tableSchema(tableFormats(formats)),
    },
  };
}

/** Formats that a table in a file of its own may have. */
function tableFormats(formats: ReadonlyMap<string, Format>): readonly string[] {
  return [...formats.values()].flatMap(({ name, shape, isReadOnly }) =>
    shape === 'table' && isReadOnly !== true ? [name] : [],
  );
}

const keySchema = {
  description: 'One column, several joined with "-", or a template such as "{Site}-{OrderNo}".',
  type: ['string', 'array'],
  minLength: 1,
  minItems: 1,
  items: { type: 'string', minLength: 1 },
};

const tableSchema = (names: readonly string[]): JsonSchema => ({
  description: 'Entries, or { file, key, value } for a table in a file of its own.',
  type: 'object',
  ...choice(
    { type: 'object', required: ['file'], properties: { file: true } },
    {
      type: 'object',
      required: ['file', 'key'],
      additionalProperties: false,
      properties: {
        file: { type: 'string', minLength: 1, description: 'Path relative to the mapping.' },
        key: { type: 'string', minLength: 1, description: 'Column that is looked up.' },
        value: {
          type: 'string',
          minLength: 1,
          description: 'Column of the answer; else named as `$table: name.Column`.',
        },
        read: {
          $ref: '#/$defs/read',
          description: 'How the table is read; CSV when left out.',
          properties: { format: { enum: names }, name: false, with: false, empty: false, records: false },
        },
      },
    },
    { type: 'object', additionalProperties: { $ref: '#/$defs/scalar' } },
  ),
});

const mapOf = (description: string): object => ({
  description,
  type: 'object',
  minProperties: 1,
  patternProperties: { '^[^$]': { $ref: '#/$defs/node' } },
  additionalProperties: false,
});
const tables = {
  description: 'Look-ups by name, for $table.',
  type: 'object',
  additionalProperties: { $ref: '#/$defs/table' },
};
const testName = { type: 'string', minLength: 1, description: 'What the test shows, as a sentence.' };

const textOrRows = {
  type: ['string', 'array'],
  items: { type: 'array', items: { $ref: '#/$defs/scalar' } },
};

const inboundSchema = {
  type: 'object',
  required: ['read', 'document', 'map'],
  additionalProperties: false,
  properties: {
    summary: { type: 'string', description: 'What this mapping does, in one line.' },
    read: { $ref: '#/$defs/read' },
    document: {
      description: 'What one document is.',
      type: 'object',
      required: ['type', 'key'],
      additionalProperties: false,
      properties: {
        type: { type: 'string', minLength: 1, description: 'order, purchase-order, asn, product, …' },
        key: { $ref: '#/$defs/key' },
        group: {
          $ref: '#/$defs/key',
          description:
            'Records with the same value are one document. Left out: each record is its own; with record types, as key.',
        },
        begins: { type: 'string', minLength: 1, description: 'With read.records: the type each document begins with.' },
      },
    },
    map: mapOf('The payload, property by property.'),
    operations: {
      description: 'What is built for single operations, where that is not what `map` says.',
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['map'],
        additionalProperties: false,
        properties: { map: mapOf('The payload of this operation.') },
      },
    },
    tables,
    controls: controlsSchema,
    tests: {
      description: 'What becomes of a file; `dray test` runs them.',
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'given'],
        additionalProperties: false,
        properties: {
          name: testName,
          given: {
            description:
              'Text of the file, or its rows (the header first) where files are no text; of several files: { picked: …, items: … }.',
            ...textOrRows,
            type: ['string', 'array', 'object'],
            additionalProperties: textOrRows,
          },
          operation: { type: 'string', minLength: 1, description: 'What is built: one of operations.' },
          now: {
            description: 'When it happens, for rules about today: 2026-05-04T00:00:00Z.',
            type: 'string',
            format: 'date-time',
          },
          expect: { type: 'array', description: 'Every payload, in the order of the file.' },
          issues: {
            description: 'Every issue, by line, column and code.',
            type: 'array',
            items: {
              type: 'object',
              required: ['code'],
              additionalProperties: false,
              properties: { line: { type: 'integer' }, column: { type: 'string' }, code: { type: 'string' } },
            },
          },
        },
      },
    },
  },
};

const outboundSchema = {
  type: 'object',
  required: ['write', 'fact'],
  ...choice({ type: 'object', required: ['records'], properties: { records: true } }, {}, { required: ['map'] }),
  additionalProperties: false,
  properties: {
    summary: { type: 'string', description: 'What this mapping does, in one line.' },
    write: { $ref: '#/$defs/write' },
    rows: {
      type: 'string',
      minLength: 1,
      description:
        'One row per what: `Shipments[].Packages[].Items[]`. Left out: one row per feed item. With records, one group of them.',
    },
    fact: {
      type: 'string',
      minLength: 1,
      description: 'Identity of a row, or of a group of records: "{Shipments.Id}/{Sku}/{Items.#}".',
    },
    when: { $ref: '#/$defs/when' },
    gone: {
      description:
        'What columns say of a row that is in a snapshot no more, where only changes are written: { QtyOnHand: "0" }. The others stay as they were. Left out: such rows are told in the log.',
      type: 'object',
      minProperties: 1,
      additionalProperties: { type: ['string', 'number'] },
    },
    map: mapOf('The columns, in their order.'),
    records: {
      description:
        'Record types by name, in their order, for files that mix them. All records of a group are written, or none.',
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]*$', not: { enum: ['header', 'trailer'] } },
      additionalProperties: {
        type: 'object',
        required: ['map'],
        additionalProperties: false,
        properties: {
          rows: {
            type: 'string',
            minLength: 1,
            description: 'One record per what, inside the group: `Lines[]`. Left out: one for each group.',
          },
          when: {
            $ref: '#/$defs/when',
            description:
              'Which of them are written. Without the first type of a list, or of a group, nothing is written of its element.',
          },
          map: mapOf('The columns of this type, in their order.'),
        },
      },
    },
    tables,
    tests: {
      description: 'What becomes of feed items; `dray test` runs them.',
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'given', 'expect'],
        additionalProperties: false,
        properties: {
          name: testName,
          given: { type: ['array', 'string'], description: 'Feed items, or JSON text of them.' },
          expect: {
            description: 'Every row, by column; of records of several types { line: { SKU: … } }.',
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: {
                type: ['string', 'number', 'boolean', 'null', 'object'],
                additionalProperties: { $ref: '#/$defs/scalar' },
              },
            },
          },
        },
      },
    },
  },
};
