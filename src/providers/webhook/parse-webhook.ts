import type { KeyPath } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import type { OneOrMore } from '../definition-text.ts';
import type { FeedText } from '../feed/feed-text.ts';
import { parseConditions } from '../outcome/parse-rules.ts';
import type { Reader } from '../feed/reader.ts';
import type { Template } from '../request/template.ts';
import type { VerifyDefinition, WebhookDefinition } from './webhook-definition.ts';
import type { WebhookText } from './webhook-text.ts';

const AT: KeyPath = ['webhooks'];
const BODY_BYTES = 1024 * 1024;

/** `feeds`: those of the definition, by name. */
export function parseWebhook(
  reader: Reader,
  text: WebhookText | undefined,
  feeds: Readonly<Record<string, FeedText>> = {},
): WebhookDefinition | undefined {
  if (text === undefined) return undefined;
  const { bodyBytes = BODY_BYTES, identity, type, types = [], time, document, wakes } = text;
  return {
    verify: parseVerify(reader, text),
    bodyBytes,
    identity: reader.paths(identity, [...AT, 'identity']),
    type: type === undefined ? undefined : reader.path(type, [...AT, 'type']),
    types,
    time: time === undefined ? undefined : reader.path(time, [...AT, 'time']),
    document: reader.paths(document, [...AT, 'document']),
    wakes: Object.entries(wakes).map(([feed, { when, key }]) => {
      const at = [...AT, 'wakes', feed];
      checkWake(reader, feed, key, feeds, at);
      return {
        feed,
        when: parseConditions(reader, when, [...at, 'when']),
        key: key === undefined ? undefined : reader.path(key, [...at, 'key']),
      };
    }),
  };
}

function parseVerify(reader: Reader, { verify }: WebhookText): VerifyDefinition {
  if (verify === 'none') return { kind: 'none' };
  const at = [...AT, 'verify'];
  if (verify.hmac !== undefined) {
    const { header, algorithm = 'sha256', encoding = 'hex', prefix = '', secret } = verify.hmac;
    const secrets = parseSecrets(reader, secret, [...at, 'hmac', 'secret']);
    return { kind: 'hmac', header: header.toLowerCase(), algorithm, encoding, prefix, secrets };
  }
  const { name, value } = verify.header ?? { name: '', value: [] };
  return {
    kind: 'header',
    header: name.toLowerCase(),
    values: parseSecrets(reader, value, [...at, 'header', 'value']),
  };
}

function parseSecrets(reader: Reader, text: OneOrMore, at: KeyPath): readonly Template[] {
  if (typeof text === 'string') return [reader.template(text, at, ['settings'], true)];
  return text.map((one, position) => reader.template(one, [...at, position], ['settings'], true));
}

function checkWake(
  reader: Reader,
  feed: string,
  key: string | undefined,
  feeds: Readonly<Record<string, FeedText>>,
  at: KeyPath,
): void {
  if (!Object.hasOwn(feeds, feed)) {
    const what = `there is no feed "${feed}"`;
    reader.report('unknown-reference', at, { what, ...suggestion(feed, Object.keys(feeds)) });
  } else if (key !== undefined && feeds[feed]?.track === undefined) {
    reader.report('wrong-value', [...at, 'key'], { what: 'only a feed with "track" reads single records' });
  }
}
