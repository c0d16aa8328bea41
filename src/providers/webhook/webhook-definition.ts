import type { JsonPath } from '../../core/path.ts';
import type { Conditions } from '../definition.ts';
import type { Template } from '../request/template.ts';

/** What a provider posts when something happens, and which feeds say what it was. */
export interface WebhookDefinition {
  readonly verify: VerifyDefinition;
  /** Longest body, in bytes. */
  readonly bodyBytes: number;
  /** Paths whose values together tell one event from another; without them the hash of the body does. */
  readonly identity: readonly JsonPath[];
  readonly type: JsonPath | undefined;
  readonly types: readonly string[];
  readonly time: JsonPath | undefined;
  /** Where an event tells the key of our document; the first that tells counts. */
  readonly document: readonly JsonPath[];
  readonly wakes: readonly WakeDefinition[];
}

export type VerifyDefinition =
  | {
      readonly kind: 'hmac';
      readonly header: string;
      readonly algorithm: 'sha256' | 'sha384' | 'sha512' | 'sha1';
      readonly encoding: 'hex' | 'base64';
      readonly prefix: string;
      /** Any of them: one is new while the other is not yet gone. */
      readonly secrets: readonly Template[];
    }
  | { readonly kind: 'header'; readonly header: string; readonly values: readonly Template[] }
  | { readonly kind: 'none' };

export interface WakeDefinition {
  readonly feed: string;
  readonly when: Conditions;
  /** Where an event tells the key of the record that is read first. */
  readonly key: JsonPath | undefined;
}
