/** What a property of a mapping may hold. A string is a column or a path; keys that begin with $ are directives. */
export const nodeSchema = {
  description: 'A column (a path for trees), an object of properties, a list of values, or directives.',
  type: ['string', 'object', 'array', 'number', 'boolean'],
  minLength: 1,
  items: { $ref: '#/$defs/node' },
  patternProperties: { '^[^$]': { $ref: '#/$defs/node' } },
  additionalProperties: false,
  properties: {
    $from: { type: 'string', minLength: 1, description: 'A column, or a path for trees.' },
    $first: {
      type: 'array',
      minItems: 1,
      items: { $ref: '#/$defs/node' },
      description: 'The first of these that is not empty.',
    },
    $value: { description: 'A constant, or a template: "{Column}", "{document.key}"; "{{" is a brace.' },
    $join: {
      description:
        'Several values with a space between: [A, B]; or { of: [A, B], with: ", " }. Empty ones are left out.',
      type: ['array', 'object'],
      minItems: 1,
      items: { $ref: '#/$defs/node' },
      required: ['of'],
      properties: {
        of: { type: 'array', minItems: 1, items: { $ref: '#/$defs/node' } },
        with: { type: 'string' },
      },
      additionalProperties: false,
    },
    $expr: { type: 'string', minLength: 1, description: 'A JSONata expression over the record.' },
    $as: {
      enum: ['date', 'datetime', 'integer', 'number', 'boolean', 'string'],
      description: 'What the value is, where the schema does not say it.',
    },
    $format: {
      description: 'How the file writes it: MM/dd/yyyy, iso, excel, epoch-ms, epoch-s; "0.000,00" for numbers.',
      type: ['string', 'array'],
      minLength: 1,
      minItems: 1,
      items: { type: 'string', minLength: 1 },
    },
    $zone: { type: 'string', minLength: 1, description: 'IANA time zone of local times: America/Chicago.' },
    $table: {
      description: 'Translates the value: a table, table.Column, or a list looked up one after another.',
      type: ['string', 'array'],
      minItems: 1,
      items: { type: 'string', minLength: 1 },
    },
    $default: { $ref: '#/$defs/scalar', description: 'What to take when the file says nothing.' },
    $required: { type: 'boolean', description: 'Empty is an issue even if the schema would allow it.' },
    $padStart: { $ref: '#/$defs/node/$defs/pad' },
    $padEnd: { $ref: '#/$defs/node/$defs/pad' },
    $each: {
      type: 'string',
      minLength: 1,
      description: 'One element per what: `lines` (the records of the document), a companion, or a path to an array.',
    },
    $when: { $ref: '#/$defs/when' },
  },
  $defs: {
    pad: {
      description: 'Length and character: [5, "0"].',
      type: 'array',
      minItems: 2,
      maxItems: 2,
      prefixItems: [
        { type: 'integer', minimum: 1, maximum: 1000 },
        { type: 'string', minLength: 1, maxLength: 1 },
      ],
      items: false,
    },
  },
};

/** Names of all directives. */
export const directives: readonly string[] = Object.keys(nodeSchema.properties);

export const whenSchema = {
  description:
    'A column that must not be empty, or { Column: value, Column: [values], Column: { not: value } } that must all hold.',
  type: ['string', 'object'],
  minLength: 1,
  minProperties: 1,
  additionalProperties: {
    type: ['string', 'number', 'boolean', 'null', 'array', 'object'],
    items: { $ref: '#/$defs/scalar' },
    required: ['not'],
    additionalProperties: false,
    properties: {
      not: { type: ['string', 'number', 'boolean', 'null', 'array'], items: { $ref: '#/$defs/scalar' } },
    },
  },
};
