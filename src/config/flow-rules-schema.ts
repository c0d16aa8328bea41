import { durationPattern } from '../core/duration.ts';

const dates = {
  type: 'array',
  minItems: 1,
  maxItems: 1000,
  items: { type: 'string', minLength: 1 },
} as const;

/** Schemas of what an inbound flow says about files that should come. */
export const flowRuleSchemas = {
  sequence: {
    type: 'object',
    description: 'Files of this flow carry numbers that follow one another.',
    additionalProperties: false,
    required: ['in'],
    properties: {
      in: {
        type: 'string',
        minLength: 1,
        description:
          'Where the number stands: in the name ("ORD_{seq}.csv", "*_{seq}.csv"), or a column (FileNo, or file.FileNo of a record type).',
      },
      gap: {
        enum: ['wait', 'warn', 'accept'],
        default: 'wait',
        description:
          'When numbers are missing. wait: a later file is not taken until they came or a person says go on. warn: it is taken, with a notice. accept: it is taken.',
      },
      for: {
        type: 'string',
        pattern: durationPattern,
        default: '2h',
        description: 'How long such a wait may last before it becomes an incident; the file waits on.',
      },
      duplicate: {
        enum: ['refuse', 'warn'],
        default: 'refuse',
        description:
          'When a number comes again with other content. The very same bytes are no duplicate: they are already received.',
      },
      first: {
        type: 'integer',
        minimum: 0,
        maximum: 1_000_000_000,
        default: 1,
        description: 'The number that follows max.',
      },
      max: {
        type: 'integer',
        minimum: 1,
        maximum: 999_999_999_999,
        description: 'The highest number, after which they begin anew. Left out: they never do.',
      },
    },
  },
  expect: {
    type: 'object',
    description: 'By when a file of this flow is to be there. One that is not becomes an incident in dray status.',
    additionalProperties: false,
    required: ['by', 'zone'],
    properties: {
      by: {
        type: ['string', 'array'],
        minLength: 1,
        minItems: 1,
        maxItems: 96,
        items: { type: 'string', minLength: 1 },
        description: 'Time of day, or several, one file for each: "06:00".',
      },
      zone: { type: 'string', minLength: 1, description: 'IANA time zone of times and dates: Europe/Berlin.' },
      calendar: {
        ...dates,
        type: ['string', 'array'],
        minLength: 1,
        description: 'Days on which a file is due: "Mon-Fri", "Mon,Wed,Sat", or a list of dates. Left out: every day.',
      },
      except: { ...dates, description: 'Dates on which none is due all the same: holidays.' },
      grace: {
        type: 'string',
        pattern: durationPattern,
        description: 'How long after the time a file is still in time. Left out: not at all.',
      },
    },
  },
} as const;
