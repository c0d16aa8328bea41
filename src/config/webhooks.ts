import type { JsonSchema } from '../core/json.ts';

/** Where posts of providers are taken. */
export interface WebhookConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

/** As it stands in the file. */
export interface RawWebhooks {
  listen?: string;
}

const LOOPBACK = '127.0.0.1';
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
  },
};

/** Undefined when no posts are taken. */
export function webhookConfig(raw: RawWebhooks | undefined): WebhookConfig | undefined {
  const [, host = LOOPBACK, port] = LISTEN.exec(raw?.listen ?? '') ?? [];
  return port === undefined ? undefined : { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) };
}
