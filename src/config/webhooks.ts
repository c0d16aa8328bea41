import { isIP } from 'node:net';
import { createIssue, type Issue } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import type { PositionedYaml } from '../core/positioned-yaml.ts';

/** Where posts of providers are taken. */
export interface WebhookConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** How many posts that prove nothing one source may send. */
  readonly perSecond: number;
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly proxies: readonly string[];
}

/** As it stands in the file. */
export interface RawWebhooks {
  listen?: string;
  rate?: string;
  proxies?: string[];
}

const LOOPBACK = '127.0.0.1';
const RATE = '100/s';
const LISTEN = /^(?:(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):)?(\d{1,5})$/;

export const webhooksSchema: JsonSchema = {
  type: 'object',
  description:
    'Posts of providers are taken: each at /<name of the provider>, when its settings hold what proves them.',
  additionalProperties: false,
  required: ['listen'],
  properties: {
    listen: {
      type: 'string',
      // A port of at most 65535.
      pattern:
        '^((\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):)?(\\d{1,4}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])$',
      description: 'Address and port: 127.0.0.1:8080. A port alone is taken on this machine only.',
    },
    rate: {
      type: 'string',
      pattern: '^(?!0+(\\.0+)?/)\\d+(\\.\\d+)?/[sm]$',
      default: RATE,
      description:
        'Posts without a proof that one sender may send; more are answered with 429. Posts with one are free.',
    },
    proxies: {
      type: 'array',
      items: { type: 'string', pattern: '^[0-9a-fA-F:.]+(/\\d{1,3})?$' },
      default: [],
      description:
        'Proxies in front, 10.0.0.5 or 10.0.0.0/24: their X-Forwarded-For says who the sender is. Default: nobody is believed.',
    },
  },
};

/** Undefined when no posts are taken. */
export function webhookConfig(raw: RawWebhooks | undefined): WebhookConfig | undefined {
  const [, host = LOOPBACK, port] = LISTEN.exec(raw?.listen ?? '') ?? [];
  if (port === undefined) return undefined;
  const [count = '', unit] = (raw?.rate ?? RATE).split('/');
  return {
    host: host.replaceAll(/[[\]]/g, ''),
    port: Number(port),
    perSecond: Number(count) / (unit === 'm' ? 60 : 1),
    proxies: raw?.proxies ?? [],
  };
}

const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** What the shape of a proxy alone does not say. */
export function checkWebhooks(yaml: PositionedYaml, { proxies = [] }: Partial<WebhookConfig> = {}): Issue[] {
  return proxies.flatMap((proxy, index) => {
    const [address = '', bits = '0'] = proxy.split('/');
    if (Number(bits) <= (BITS[isIP(address)] ?? -1)) return [];
    const what = 'not an address of a proxy';
    const place = yaml.place(['webhooks', 'proxies', index]);
    return [createIssue('wrong-value', place, { what, expected: 'an address or a network, 10.0.0.0/24', got: proxy })];
  });
}
