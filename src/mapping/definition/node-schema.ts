/** Texts that stand for nothing; of one value, or of all as `read.empty`. */
export const emptySchema = {
  description: 'Texts of cells that say nothing and count as empty: ["00/00/00", "99999999", "N/A"].',
  type: ['string', 'number', 'array'],
  minLength: 1,
  minItems: 1,
  items: { type: ['string', 'number'], minLength: 1 },
  examples: [['00/00/00', '99999999'], '*NULL'],
};

/** What a property of a mapping may hold. A string is a column or a path; keys that begin with $ are directives. */
export const nodeSchema = {
  description: 'A column (a path for trees), an object of properties, a list of values, or directives.',
  type: ['string', 'object', 'array', 'number', 'boolean'],
  minLength: 1,
  items: { $ref: '#/$defs/node' },
  patternProperties: { '^[^$]': { $ref: '#/$defs/node' } },
  additionalProperties: false,
  properties: {
    $from: {
      type: 'string',
      minLength: 1,
      description: 'Takes a column, or a path of a tree: OrderNo, ShipTo.Name.',
    },
    $first: {
      type: 'array',
      minItems: 1,
      items: { $ref: '#/$defs/node' },
      description: 'Takes the first of several that is not empty: [Company, Name].',
    },
    $value: { description: 'A constant, or a template: "{Column}", "{document.key}"; "{{" is a brace.' },
    $join: {
      description:
        'Puts several together with a space between, [A, B], or with what is said, { of: [A, B], with: ", " }; empty ones are left out.',
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
    $expr: {
      type: 'string',
      minLength: 1,
      description: 'Computes a value: a JSONata expression over the record, bounded in time and depth.',
    },
    $empty: emptySchema,
    $as: {
      enum: ['date', 'datetime', 'integer', 'number', 'boolean', 'gtin', 'string'],
      description: 'What the value is, where the schema does not say it; gtin proves the check digit of a bar code.',
    },
    $format: {
      description:
        'How the file writes the value: MM/dd/yyyy for dates, "0.000,00-" for numbers, Y/N for true and false; a list where it does so in several ways.',
      type: ['string', 'number', 'array'],
      minLength: 1,
      minItems: 1,
      items: { type: ['string', 'number'], minLength: 1 },
      examples: ['MM/dd/yyyy', ['dd.MM.yyyy', 'yyyyMMdd'], 'excel', '0.000,00', '0.00-', '0v00s', '0.00 DR/CR', 'Y/N'],
    },
    $zone: {
      type: 'string',
      minLength: 1,
      description: 'Whose clock times without an offset were read from, as an IANA name: America/Chicago.',
    },
    $day: {
      enum: ['start', 'end'],
      description: 'What a day without a time means: its start, 00:00, or its end, 23:59:59. The start when left out.',
    },
    $pivot: {
      type: 'integer',
      minimum: 0,
      maximum: 9900,
      description: 'First year that the two digits of yy may mean: 1950 makes them 1950 to 2049; 2000 when left out.',
      examples: [1950],
    },
    $months: {
      type: 'array',
      minItems: 12,
      maxItems: 12,
      items: { type: 'string', minLength: 1 },
      description: 'Names of the months for MMM and MMMM, January first; English ones when left out.',
      examples: [['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juil.', 'août', 'sept.', 'oct.', 'nov.', 'déc.']],
    },
    $table: {
      description: 'Translates the value: a table, table.Column, or a list looked up one after another.',
      type: ['string', 'array'],
      minItems: 1,
      items: { type: 'string', minLength: 1 },
    },
    $default: { $ref: '#/$defs/scalar', description: 'What to take when the file says nothing.' },
    $required: { type: 'boolean', description: 'Makes nothing an issue, even where the schema would allow it.' },
    $delta: {
      type: 'string',
      minLength: 1,
      description: 'In a file that dray writes: how much a count has grown since it was last written for `$per`.',
    },
    $per: {
      type: 'string',
      minLength: 1,
      description: 'Beside $delta: whose count it is, as a template: "{shipmentItemId}". One for all counts of a row.',
    },
    $padStart: { $ref: '#/$defs/node/$defs/pad', description: 'Fills the text up at its start: [5, "0"].' },
    $padEnd: { $ref: '#/$defs/node/$defs/pad', description: 'Fills the text up at its end: [5, " "].' },
    $each: {
      type: 'string',
      minLength: 1,
      description:
        'One element per what: `lines` (the records of the document), a companion, a record type, or a path to an array.',
    },
    $group: {
      $ref: '#/$defs/key',
      description:
        'Beside $each: one element per value of this column; a $each inside walks the rows that have it. Rows without one are one element; with `$required: true` they are refused.',
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
    'A column that must not be empty, [A, B] of which one must not be, or { Column: value, Column: [values], Column: { not: value } } that must all hold.',
  type: ['string', 'array', 'object'],
  minLength: 1,
  minItems: 2,
  items: { type: 'string', minLength: 1 },
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
