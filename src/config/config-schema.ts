import { answerSchemas, awaitedSchemas, submitOrAcknowledge } from './answers.ts';
import { durationPattern } from '../core/duration.ts';
import type { JsonSchema } from '../core/json.ts';
import { flowRuleSchemas } from './flow-rules-schema.ts';
import { outboundFileSchemas } from './outbound-schema.ts';
import { sftpSchema } from './sftp.ts';
import { neededDirectories, sourceSchemas } from './sources.ts';
import { webhooksSchema } from './webhooks.ts';

const name = { type: 'string', minLength: 1 } as const;
const relativePath = { type: 'string', minLength: 1 } as const;
const duration = {
  type: 'string',
  pattern: durationPattern,
  description: 'A duration: 250ms, 5s, 15m, 1h, 1d.',
} as const;

function object(
  description: string,
  properties: Record<string, unknown>,
  required: readonly string[] = [],
): JsonSchema {
  return { type: 'object', description, additionalProperties: false, properties, required };
}

function named(description: string, value: JsonSchema): JsonSchema {
  return {
    type: 'object',
    description,
    propertyNames: { pattern: '^[a-z0-9][a-z0-9-]*$', maxLength: 60 },
    additionalProperties: value,
  };
}

const folder = {
  ...object(
    'A directory that files arrive in or leave to.',
    {
      path: {
        ...relativePath,
        description:
          'Directory, relative to this file; with `sftp`, on the server: absolute or from where a login begins.',
      },
      sftp: sftpSchema,
      seed: {
        type: 'object',
        description: 'Copied in once, when the directory is first created: subdirectory → glob of files.',
        additionalProperties: relativePath,
      },
    },
    ['path'],
  ),
  // Examples are for a first start on one's own machine.
  dependentSchemas: { sftp: { properties: { seed: false } } },
};

const provider = object(
  'A logistics API.',
  {
    definition: { ...relativePath, description: 'The provider.yaml that describes the API.' },
    baseUrl: {
      type: 'string',
      description: 'Address of the API, or `sandbox` for the built-in stand-in.',
      pattern: '^(sandbox|https?://.+)$',
    },
    settings: {
      type: 'object',
      description: 'What the definition asks for.',
      additionalProperties: { type: 'string' },
    },
    limits: object('Replaces limits of the definition.', {
      rate: { type: 'string', pattern: '^\\d+(\\.\\d+)?/(s|m)$', description: 'Requests per second or minute: 20/s.' },
      concurrency: { type: 'integer', minimum: 1, maximum: 256 },
      connect: duration,
      answer: duration,
    }),
    retry: object('Replaces the retry policy of the definition.', {
      base: duration,
      cap: duration,
      attempts: { type: 'integer', minimum: 1, maximum: 100 },
    }),
    track: object('Replaces what feeds of the definition that read records one by one say.', {
      every: {
        ...duration,
        description: 'How often one record is read at most; a flow reads no more often than it collects.',
      },
    }),
  },
  ['definition', 'baseUrl'],
);

const operation = {
  description:
    'The operation; or, where each document says it: { $from: Action, $table: { N: order.create, C: order.cancel } }.',
  type: ['string', 'object'],
  minLength: 1,
  additionalProperties: false,
  required: ['$from', '$table'],
  properties: {
    $from: { ...name, description: "Column of the document's head." },
    $table: {
      type: 'object',
      description: 'Operations by what the column says. Anything else refuses the document.',
      minProperties: 1,
      additionalProperties: name,
    },
    $default: { ...name, description: 'Operation of documents whose column is empty.' },
  },
};

const inbound = {
  ...object(
    'Files of a folder become documents of a provider, or acknowledge our own files.',
    {
      folder: { ...name, description: 'Name of a folder.' },
      pick: { ...relativePath, description: 'Glob inside the folder: orders/in/*.csv.' },
      mapping: relativePath,
      submit: object('Where the documents go.', { provider: name, operation }, ['provider', 'operation']),
      accept: {
        enum: ['document', 'file'],
        default: 'document',
        description: 'document: one bad document stays one. file: one bad document refuses the drop.',
      },
      ...sourceSchemas,
      ...answerSchemas,
      quiet: { ...duration, description: 'How long a file must be unchanged before it is taken.' },
      ...flowRuleSchemas,
    },
    ['folder', 'pick', 'mapping', 'results'],
  ),
  ...submitOrAcknowledge,
  ...neededDirectories,
};

const outbound = object(
  'A feed of a provider becomes files in a folder.',
  {
    collect: {
      type: 'object',
      additionalProperties: false,
      required: ['provider', 'feed'],
      properties: {
        provider: name,
        feed: name,
        every: { ...duration, description: 'Time between two collections.' },
        at: { type: 'string', minLength: 9, description: 'Cron expression of the times to collect: 0 6 * * 1-5.' },
        zone: { type: 'string', minLength: 1, description: 'IANA time zone of `at`.' },
      },
      oneOf: [{ required: ['every'] }, { required: ['at', 'zone'] }],
    },
    mapping: relativePath,
    folder: name,
    file: {
      ...relativePath,
      description:
        'Name inside the folder. {date:yyyyMMdd} (UTC, or {date:yyyyMMdd@Zone/City}), {as-of:…}, {seq:6}, {document}, {site} and {flow} are filled in.',
    },
    ...outboundFileSchemas,
    ...awaitedSchemas,
  },
  ['collect', 'mapping', 'folder', 'file'],
);

/** The one source of `config.yaml`'s shape: validation, editor completion and reference. */
export const configSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'dray configuration',
  ...object(
    'Folders, providers and the flows between them.',
    {
      ledger: { ...relativePath, default: 'data/dray.db', description: 'SQLite file, relative to this file.' },
      sandbox: object('The built-in stand-in, for providers with baseUrl: sandbox.', {
        scale: {
          type: 'number',
          exclusiveMinimum: 0,
          maximum: 100_000,
          description: 'Sandbox seconds per real second.',
        },
        seed: { type: 'integer', minimum: 0 },
      }),
      folders: named('Folders by name.', folder),
      providers: named('Providers by name.', provider),
      inbound: named('Inbound flows by name.', inbound),
      webhooks: webhooksSchema,
      outbound: named('Outbound flows by name.', outbound),
      texts: {
        type: ['string', 'array'],
        description: 'Files that translate what result files and reject sheets say: English text → translation.',
        minLength: 1,
        minItems: 1,
        items: relativePath,
      },
    },
    ['folders', 'providers'],
  ),
};
