import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parseExact, scalarText, type Json } from '../../core/json.ts';
import { selectFirst, type JsonPath } from '../../core/path.ts';
import type { Wake, Webhook, WebhookEvent, WebhookHeaders } from '../../core/webhook.ts';
import { readTime } from '../feed/feed-time.ts';
import { fillTemplate, type Template } from '../request/template.ts';
import { meets } from '../outcome/verdict.ts';
import type { VerifyDefinition, WebhookDefinition } from './webhook-definition.ts';

/** Undefined when the settings hold no secret: then a provider's posts could not be told from others. */
export function createWebhook(
  definition: WebhookDefinition | undefined,
  settings: ReadonlyMap<string, string>,
): Webhook | undefined {
  if (definition === undefined) return undefined;
  const { verify, bodyBytes } = definition;
  const proof = createProof(verify, settings);
  if (proof === undefined) return undefined;
  return {
    bodyBytes,
    isVerified: verify.kind !== 'none',
    ...proof,
    read: (body) => readEvent(definition, body),
  };
}

type Proof = Pick<Webhook, 'isForeign' | 'isGenuine'>;

function createProof(verify: VerifyDefinition, settings: ReadonlyMap<string, string>): Proof | undefined {
  if (verify.kind === 'none') return { isForeign: () => false, isGenuine: () => true };
  const { header } = verify;
  const secrets = secretsOf(verify.kind === 'hmac' ? verify.secrets : verify.values, settings);
  if (secrets.length === 0) return undefined;
  if (verify.kind === 'header') {
    const isGenuine = (headers: WebhookHeaders): boolean => isAnyOf(onlyValue(headers, header), secrets);
    return { isForeign: (headers) => !isGenuine(headers), isGenuine };
  }
  const { algorithm, encoding, prefix } = verify;
  return {
    isForeign: (headers) => onlyValue(headers, header) === undefined,
    isGenuine(headers, body) {
      const expected = secrets.map((secret) => prefix + createHmac(algorithm, secret).update(body).digest(encoding));
      return isAnyOf(onlyValue(headers, header), expected);
    },
  };
}

function secretsOf(templates: readonly Template[], settings: ReadonlyMap<string, string>): readonly string[] {
  return templates.flatMap((template) => fillTemplate(template, { settings }) ?? []);
}

/** A header that came several times proves nothing: which of its values counts would be a guess. */
function onlyValue(headers: WebhookHeaders, name: string): string | undefined {
  const values = [headers[name] ?? []].flat();
  return values.length === 1 ? values[0] : undefined;
}

/** Looks at all of them, so that the time it takes tells nothing. */
function isAnyOf(given: string | undefined, expected: readonly string[]): boolean {
  if (given === undefined || given === '') return false;
  const own = digest(given);
  return expected.map((one) => timingSafeEqual(own, digest(one))).includes(true);
}

// Texts of any length become equally long, which is what a comparison in constant time needs.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function readEvent(definition: WebhookDefinition, body: Uint8Array): WebhookEvent {
  const value = readJson(body);
  const type = textAt(value, definition.type) ?? '';
  const [documentKey] = definition.document.flatMap((path) => textAt(value, path) ?? []);
  const timeMs = definition.time === undefined ? undefined : readTime(selectFirst(value, definition.time));
  return {
    identity: identityOf(definition.identity, value, body),
    type,
    isKnownType: definition.types.length === 0 || definition.types.includes(type),
    wakes: wakesOf(definition, value),
    ...(documentKey === undefined ? {} : { documentKey }),
    ...(timeMs === undefined ? {} : { timeMs }),
  };
}

function readJson(body: Uint8Array): Json | undefined {
  try {
    return parseExact(Buffer.from(body).toString('utf8'));
  } catch {
    // An event all the same: its provider sent it, and its feeds tell what it was about.
    return undefined;
  }
}

function textAt(value: Json | undefined, path: JsonPath | undefined): string | undefined {
  const text = path === undefined ? undefined : scalarText(selectFirst(value, path))?.trim();
  return text === '' ? undefined : text;
}

function identityOf(paths: readonly JsonPath[], value: Json | undefined, body: Uint8Array): string {
  const texts = paths.map((path) => textAt(value, path));
  // An event that lacks a part of its id must not be taken for another that lacks it, too.
  if (texts.length === 0 || texts.includes(undefined)) return createHash('sha256').update(body).digest('hex');
  return texts.map((text = '') => text.replaceAll(/[%/]/g, encodeURIComponent)).join('/');
}

/** What no condition fits, as bytes that cannot be read, wakes every feed: reading too often is harmless. */
function wakesOf({ wakes }: WebhookDefinition, value: Json | undefined): readonly Wake[] {
  const fitting = wakes.filter(({ when }) => meets(value, when));
  return (fitting.length === 0 ? wakes : fitting).map(({ feed, key }) => {
    const text = textAt(value, key);
    return text === undefined ? { feed } : { feed, key: text };
  });
}
