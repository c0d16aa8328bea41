import type { JsonSchema } from '../core/json.ts';
import { authSchema } from './auth/auth-schema.ts';
import { feedSchema } from './feed/feed-schema.ts';
import { operationSchema } from './operation/operation-schema.ts';
import { messages, notices, outcomes } from './outcome/outcome-schema.ts';
import { ratePattern } from './request/pace.ts';
import { duration, headers, named, object, path, text, whole } from './schema-parts.ts';
import { webhookSchema } from './webhook/webhook-schema.ts';

const name = '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*$';

/** The language of provider.yaml: validation, editor completion and reference come from here. */
export const providerSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A logistics provider',
  ...object(
    'Describes a logistics API, without code.',
    {
      summary: text('One line.'),
      sandbox: path('Where the built-in sandbox plays this provider.'),
      settings: named(
        'What the definition needs from the configuration.',
        '^[a-z][A-Za-z0-9]*$',
        object(
          'A setting.',
          {
            summary: text('One line.'),
            secret: { type: 'boolean', description: 'Never shown, never stored; only `auth` may use it.' },
            default: {
              type: 'string',
              description: 'Value when the configuration gives none; may be empty. Without it the setting is required.',
            },
            enum: {
              type: 'array',
              description: 'The values it may have.',
              minItems: 1,
              items: { type: 'string' },
            },
          },
          ['summary'],
        ),
      ),
      auth: authSchema,
      headers: { ...headers, description: 'Headers of every request. No secrets: they belong into `auth`.' },
      limits: object('What the provider bears.', {
        rate: {
          type: 'string',
          pattern: ratePattern,
          description: 'Requests per second, minute or hour: 20/s.',
        },
        concurrency: whole(1, 256, 'Requests under way at once.'),
        connect: duration('Longest time to connect.'),
        answer: duration('Longest time from the first byte sent to the last byte received.'),
        answerBytes: whole(1024, 1_073_741_824, 'Longest answer.'),
      }),
      retry: object('How transient failures are met.', {
        base: duration('First wait; doubled each time.'),
        cap: duration('Longest wait.'),
        attempts: whole(1, 100, 'Attempts before the work is parked.'),
      }),
      outcomes,
      messages,
      notices,
      operations: named('Operations by name: order.create.', name, operationSchema),
      feeds: named('Feeds by name: shipments.', name, feedSchema(outcomes)),
      webhooks: webhookSchema,
    },
    ['summary'],
  ),
};
