import type { Format } from '../core/format.ts';
import type { JsonSchema } from '../core/json.ts';
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
      table: tableSchema,
    },
  };
}

function choice(condition: JsonSchema, yes: JsonSchema, no?: JsonSchema): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema says `then`; nobody awaits it
  return { if: condition, then: yes, ...(no === undefined ? {} : { else: no }) };
}

const keySchema = {
  description: 'One column, several joined with "-", or a template such as "{Site}-{OrderNo}".',
  type: ['string', 'array'],
  minLength: 1,
  minItems: 1,
  items: { type: 'string', minLength: 1 },
};

const tableSchema = {
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
        read: { $ref: '#/$defs/read', description: 'How the table is read; CSV when left out.' },
      },
    },
    { type: 'object', additionalProperties: { $ref: '#/$defs/scalar' } },
  ),
};

const mapOf = (description: string): object => ({
  description,
  type: 'object',
  minProperties: 1,
  patternProperties: { '^[^$]': { $ref: '#/$defs/node' } },
  additionalProperties: false,
});
const tables = { type: 'object', additionalProperties: { $ref: '#/$defs/table' } };
const testName = { type: 'string', minLength: 1, description: 'What the test shows, as a sentence.' };

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
          description: 'Records with the same value are one document. Left out: each record is its own.',
        },
      },
    },
    map: mapOf('The payload, property by property.'),
    tables,
    controls: {
      description: 'What the file states about itself, checked before anything is submitted.',
      type: 'object',
      additionalProperties: false,
      properties: {
        trailer: {
          type: 'object',
          required: ['starts'],
          additionalProperties: false,
          properties: {
            starts: { type: 'string', minLength: 1, description: 'Text the trailer record starts with.' },
            count: { type: 'integer', minimum: 1, description: 'Position of the counting value, from 1.' },
            of: { enum: ['records', 'documents'], default: 'records' },
          },
        },
      },
    },
    tests: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'given'],
        additionalProperties: false,
        properties: {
          name: testName,
          given: {
            description: 'Text of the file; with companions, the text of each: { picked: …, items: … }.',
            type: ['string', 'object'],
            additionalProperties: { type: 'string' },
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
  required: ['write', 'fact', 'map'],
  additionalProperties: false,
  properties: {
    summary: { type: 'string', description: 'What this mapping does, in one line.' },
    write: { $ref: '#/$defs/write' },
    rows: {
      type: 'string',
      minLength: 1,
      description: 'One row per what: `Shipments[].Packages[].Items[]`. Left out: one row per feed item.',
    },
    fact: { type: 'string', minLength: 1, description: 'Identity of a row: "{Shipments.Id}/{Sku}/{Items.#}".' },
    when: { $ref: '#/$defs/when' },
    map: mapOf('The columns, in their order.'),
    tables,
    tests: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'given', 'expect'],
        additionalProperties: false,
        properties: {
          name: testName,
          given: { type: ['array', 'string'], description: 'Feed items, or JSON text of them.' },
          expect: {
            description: 'Every row, by column.',
            type: 'array',
            items: { type: 'object', additionalProperties: { $ref: '#/$defs/scalar' } },
          },
        },
      },
    },
  },
};

function readSchema(formats: ReadonlyMap<string, Format>): JsonSchema {
  return byFormat(formats, 'How files are read.', ({ readOptions }) => {
    const { properties, ...rest } = optionsOf(readOptions);
    return {
      ...rest,
      properties: {
        format: true,
        name: { type: 'string', pattern: '\\{[a-z]+\\}', description: 'What the name must fit: "Orders{rest}.csv".' },
        with: {
          description: 'Files that belong to the picked one.',
          type: 'object',
          propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]*$', not: { enum: ['lines', 'head', 'picked', 'document'] } },
          additionalProperties: {
            type: 'object',
            required: ['name', 'by'],
            properties: {
              name: { type: 'string', minLength: 1, description: 'Its name: "OrderItems{rest}.csv".' },
              by: { $ref: '#/$defs/key', description: 'Whose record it is: same value as document.group.' },
              ...properties,
            },
            additionalProperties: false,
          },
        },
        ...properties,
      },
    };
  });
}

function writeSchema(formats: ReadonlyMap<string, Format>): JsonSchema {
  return byFormat(formats, 'How files are written.', ({ writeOptions }) => {
    const { properties, ...rest } = optionsOf(writeOptions);
    return { ...rest, properties: { format: true, ...properties } };
  });
}

/** Each format has a branch that is closed by itself: only then can a misspelt option be named. */
function byFormat(
  formats: ReadonlyMap<string, Format>,
  description: string,
  branch: (format: Format) => JsonSchema,
): JsonSchema {
  return {
    description,
    type: 'object',
    required: ['format'],
    properties: { format: { enum: [...formats.keys()] } },
    allOf: [...formats.values()].map((format) =>
      choice(
        { type: 'object', required: ['format'], properties: { format: { const: format.name } } },
        { ...branch(format), type: 'object', additionalProperties: false },
      ),
    ),
  };
}

function optionsOf(schema: JsonSchema): { properties: JsonSchema } & JsonSchema {
  const { $schema: _dialect, properties, ...rest } = schema;
  return { ...rest, properties: { ...(properties as JsonSchema | undefined) } };
}
