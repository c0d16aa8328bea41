const name = { type: 'string', minLength: 1 } as const;

const summed = {
  description:
    'The column that is added up: Qty, or line.Qty for a column of one record type or companion file. Empty cells add nothing.',
  type: ['string', 'object'],
  minLength: 1,
  required: ['of'],
  additionalProperties: false,
  properties: {
    of: { ...name, description: 'The column that is added up.' },
    format: {
      ...name,
      description: 'How the file writes its numbers, as in $format: 0.00, 0,00 or 0.000,00. Left out: 0.00.',
    },
    stated: { ...name, description: 'How the file writes the total, where that is not how it writes the numbers.' },
  },
};

const hashed = {
  description:
    'The identifier whose digits are added up as one number for each record: SKU, or line.SKU. What is no digit is passed over.',
  type: ['string', 'object'],
  minLength: 1,
  required: ['of'],
  additionalProperties: false,
  properties: {
    of: { ...name, description: 'The column of the identifier.' },
    keep: {
      type: 'integer',
      minimum: 1,
      maximum: 40,
      description: 'How many of the last digits of the sum are stated; those in front are cut off, as the sender does.',
    },
  },
};

const counted =
  'records (those of documents), documents, lines (all records, with a header line and trailers), a record type or a companion file';

const totals = {
  count: {
    description: `Where the count stands: a position from 1 or a column. Or several: what is counted, by place: { 2: documents, 3: lines }.`,
    type: ['integer', 'string', 'object'],
    minimum: 1,
    minLength: 1,
    minProperties: 1,
    additionalProperties: { ...name, description: `What is counted: ${counted}.` },
  },
  of: { ...name, default: 'records', description: `What \`count\` counts: ${counted}.` },
  sums: {
    type: 'object',
    description: 'Sums, by the position or the column in which they are stated: { TotalQty: Qty }.',
    minProperties: 1,
    additionalProperties: summed,
  },
  hash: {
    type: 'object',
    description: 'Hash totals, by the position or the column in which they are stated: { SkuHash: SKU }.',
    minProperties: 1,
    additionalProperties: hashed,
  },
};

const trailer = {
  type: 'object',
  additionalProperties: false,
  properties: {
    starts: { ...name, description: 'The first value of the trailer record.' },
    record: { ...name, description: 'The record type of the trailer, where read.records declares one.' },
    since: {
      ...name,
      description:
        'The record type with which a batch begins, or the trailer itself where each counts what came since the one before. Left out: the totals are those of the whole file.',
    },
    ...totals,
  },
};

const header = {
  type: 'object',
  additionalProperties: false,
  properties: {
    record: {
      ...name,
      description:
        'The record type that states totals of what follows it, up to the next of its kind. Left out: columns that every record repeats.',
    },
    ...totals,
  },
};

/** Not anyOf: a misspelt key would be told once as that and once as a missing list. */
const oneOrMore = (rule: object, description: string): object => ({
  ...rule,
  description,
  type: ['object', 'array'],
  minItems: 1,
  items: rule,
});

/** Schema of `controls` in a mapping. */
export const controlsSchema = {
  description:
    'What the file states about itself, checked before anything is submitted. A total that does not agree refuses the file; a reject sheet that comes back is not held to them.',
  type: 'object',
  additionalProperties: false,
  properties: {
    trailer: oneOrMore(trailer, 'The trailer, or several: those of batches and that of the file.'),
    header: oneOrMore(header, 'Totals stated ahead of the records, or beside them in a column of their own.'),
    document: {
      description:
        'Totals each document states about itself, by column: { TotalQty: { sum: Qty } }. A mismatch refuses the document.',
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        description: 'What the stated value must agree with.',
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
        properties: {
          count: {
            ...name,
            description:
              'What is counted: lines (records of the document), a record type, a companion file, or a path of a tree such as Items[].',
          },
          sum: summed,
          hash: hashed,
        },
      },
    },
  },
};
