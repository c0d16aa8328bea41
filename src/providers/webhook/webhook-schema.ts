import type { JsonSchema } from '../../core/json.ts';
import { conditions } from '../outcome/outcome-schema.ts';
import { named, object, oneOrMore, text, whole } from '../schema-parts.ts';

const headerName = (description: string): JsonSchema => ({
  ...text(description),
  pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
});

const hmac = object(
  'The post carries a keyed hash of its bytes.',
  {
    header: headerName('Header that carries it.'),
    algorithm: { enum: ['sha256', 'sha384', 'sha512', 'sha1'], description: 'The hash. Default sha256.' },
    encoding: { enum: ['hex', 'base64'], description: 'How the hash is written. Default hex, in lower case.' },
    prefix: text('What stands before it: sha256=.'),
    secret: oneOrMore('Template, or templates, of the key: {settings.webhookSecret}. Empty ones are not used.'),
  },
  ['header', 'secret'],
);

const header = object(
  'The post carries a token we agreed on.',
  {
    name: headerName('Header that carries it.'),
    value: oneOrMore('Template, or templates, of its value: {settings.webhookToken}. Empty ones are not used.'),
  },
  ['name', 'value'],
);

const wake = object('Which events wake the feed, and what it reads first.', {
  when: conditions('Path in the event → the value, or list of values, it must have. Absent: every event.'),
  key: text('Of a feed with track: path of the key of the record to read first.'),
});

/** The language of `webhooks`: what a provider posts when something happens. */
export const webhookSchema: JsonSchema = object(
  'Events that the provider posts. They wake feeds; what happened is read from the feeds.',
  {
    verify: {
      description: 'How to tell its posts from those of others; without a secret in the settings none are taken.',
      oneOf: [
        {
          ...object('A proof.', { hmac, header }),
          minProperties: 1,
          maxProperties: 1,
        },
        { const: 'none', description: 'Anybody may post. Every event can only make dray read its feeds.' },
      ],
    },
    bodyBytes: whole(1024, 16_777_216, 'Longest body. Default 1048576.'),
    identity: oneOrMore('Path, or paths together, that tell one event from another. Absent: the hash of the body.'),
    type: text('Path of the type of an event.'),
    types: {
      type: 'array',
      description: 'Types that are known; another one is logged once, and wakes like the others.',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
    },
    time: text('Path of the time at which it happened: ISO text or milliseconds since 1970.'),
    document: oneOrMore('Path, or paths, of the key of our document; the first that tells counts.'),
    wakes: { ...named('Feed → when.', '.', wake), minProperties: 1 },
  },
  ['verify', 'wakes'],
);
