import type { ConditionsText, OneOrMore } from '../definition-text.ts';

/** `webhooks` of a provider.yaml as written, after the schema has held. */
export interface WebhookText {
  readonly verify: VerifyText | 'none';
  readonly bodyBytes?: number;
  readonly identity?: OneOrMore;
  readonly type?: string;
  readonly types?: readonly string[];
  readonly time?: string;
  readonly document?: OneOrMore;
  readonly wakes: Readonly<Record<string, WakeText>>;
}

export interface VerifyText {
  readonly hmac?: {
    readonly header: string;
    readonly algorithm?: 'sha256' | 'sha384' | 'sha512' | 'sha1';
    readonly encoding?: 'hex' | 'base64';
    readonly prefix?: string;
    readonly secret: OneOrMore;
  };
  readonly header?: { readonly name: string; readonly value: OneOrMore };
}

export interface WakeText {
  readonly when?: ConditionsText;
  readonly key?: string;
}
