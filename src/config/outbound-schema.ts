import { durationPattern } from '../core/duration.ts';

/** What an outbound flow may say of its files beyond their name; spread into the schema of `outbound`. */
export const outboundFileSchemas = {
  empty: {
    enum: ['skip', 'header', 'trailer'],
    default: 'skip',
    description: 'What to do when nothing is new: skip, a file with only its header, or one with header and trailer.',
  },
  per: {
    description:
      'What one file is about: all of a run (the default), one document, or { rows: 500 }. The files of a run become visible to delivery together; each has a number of its own.',
    anyOf: [
      { enum: ['run', 'document'] },
      {
        type: 'object',
        required: ['rows'],
        additionalProperties: false,
        properties: { rows: { type: 'integer', minimum: 1, description: 'At most so many rows in one file.' } },
      },
    ],
  },
  snapshot: {
    enum: ['full', 'changes'],
    default: 'full',
    description: 'Of a snapshot: every row, or those that differ from what was delivered last.',
  },
  site: {
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$',
    description: 'Stands for {site} in names and in records around the rows.',
  },
  marker: {
    type: 'string',
    pattern: '^[^/\\\\{}]*\\{(name|stem)\\}[^/\\\\{}]*$',
    description:
      'An empty file that follows each file: {name}.ok, or {stem}.ok without the extension. It appears after its file.',
  },
  replace: {
    enum: ['archive', 'wait'],
    description:
      'For a name that comes again. archive: the file before is moved away first. wait: until its reader has taken it.',
  },
  archive: {
    type: 'string',
    minLength: 1,
    description: 'Where replaced files go, with {seq:6}. Default: archive/ beside the file, with its number.',
  },
  keep: {
    type: 'string',
    pattern: durationPattern,
    default: '30d',
    description: 'How long the bytes of delivered files are kept, for dray ledger rewrite.',
  },
} as const;
