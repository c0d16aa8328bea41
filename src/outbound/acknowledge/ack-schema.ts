import type { JsonSchema } from '../../core/json.ts';

/** What a mapping makes of a drop that acknowledges our files; one document for each file. */
export const acknowledgementSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Acknowledgement of a file that dray wrote',
  type: 'object',
  additionalProperties: false,
  required: ['accepted'],
  exactlyOneOf: ['file', 'sequence'],
  properties: {
    file: {
      type: 'string',
      minLength: 1,
      description: 'Name of the file as it was delivered. Of several that had it, the newest is meant.',
    },
    sequence: {
      type: 'string',
      pattern: '^[0-9]{1,15}$',
      description: 'The number that the name or the records of the file state, in digits',
    },
    accepted: { type: 'boolean', description: 'Whether its reader can use it.' },
    message: { type: 'string', description: "The reader's own words." },
  },
};
