import type { JsonSchema } from '../core/json.ts';
import type { JsonPath } from '../core/path.ts';
import type { OutcomeClass, RetryPolicy } from '../core/provider.ts';
import type { Phrase } from '../core/text.ts';
import type { Template } from './template.ts';

/** A provider.yaml, checked and compiled. Names no address and holds no secret. */
export interface ProviderDefinition {
  readonly file: string;
  readonly summary: string;
  /** Path under which the built-in sandbox plays this provider. */
  readonly sandbox: string | undefined;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Headers added to every request when it is sent, never before: they hold the secrets. */
  readonly authHeaders: readonly HeaderTemplate[];
  readonly limits: Limits;
  readonly retry: RetryPolicy;
  readonly operations: ReadonlyMap<string, OperationDefinition>;
  readonly feeds: ReadonlyMap<string, FeedDefinition>;
}

export interface Setting {
  readonly summary: string;
  readonly isSecret: boolean;
  /** Value when the configuration gives none; without it the setting is required. */
  readonly default: string | undefined;
}

export interface Limits {
  /** Requests per second, minute or hour: `20/s`. */
  readonly rate: string;
  readonly concurrency: number;
  readonly connectMs: number;
  /** From the first byte sent to the last byte received. */
  readonly answerMs: number;
  readonly answerBytes: number;
}

export interface HeaderTemplate {
  readonly name: string;
  readonly value: Template;
}

export interface OperationDefinition {
  readonly name: string;
  readonly summary: string;
  readonly method: string;
  readonly path: Template;
  readonly headers: readonly HeaderTemplate[];
  readonly schema: JsonSchema | undefined;
  readonly key: KeyDefinition;
  /** Where the provider finds the key that makes a repeated request harmless. */
  readonly repeat: 'url' | 'header' | 'body' | 'none';
  readonly reference: Template | undefined;
  /** Own rules first, then the shared ones. */
  readonly rules: readonly OutcomeRule[];
  readonly messages: MessagePaths;
  readonly lookUp: LookUpDefinition | undefined;
}

export interface KeyDefinition {
  readonly from: Template;
  readonly pattern: RegExp | undefined;
  readonly maxLength: number;
  /** The rule in words. */
  readonly expected: Phrase;
}

/** First fit wins. */
export interface OutcomeRule {
  /** Statuses it fits: `404`, `5xx`. */
  readonly statuses: readonly string[];
  /** All of them must hold: the path leads to one of the texts. */
  readonly body: readonly { readonly path: JsonPath; readonly equals: readonly string[] }[];
  readonly class: OutcomeClass;
  /** What the body must be for the verdict to count. */
  readonly answer: 'json' | 'json or empty' | 'any';
}

export interface MessagePaths {
  readonly texts: readonly JsonPath[];
  /** Objects of field name → text or list of texts. */
  readonly fields: readonly JsonPath[];
  /** Lists of messages that name their field themselves. */
  readonly lists: readonly { readonly each: JsonPath; readonly text: JsonPath; readonly field: JsonPath | undefined }[];
}

export interface LookUpDefinition {
  readonly path: Template;
  /** Where in the answer the record is; absent there means missing. */
  readonly record: JsonPath;
  /** Statuses that say the provider has no such record. */
  readonly missing: readonly string[];
  /** Must be equal in what we sent and in the record. */
  readonly same: readonly JsonPath[];
  /** The shared rules: the operation's own speak of a write. */
  readonly rules: readonly OutcomeRule[];
}

export interface FeedDefinition {
  readonly name: string;
  readonly summary: string;
  readonly path: Template;
  readonly headers: readonly HeaderTemplate[];
  readonly query: readonly { readonly name: string; readonly value: Template }[];
  readonly paging: Paging;
  /** Where the items are; the first that leads to a list counts. */
  readonly items: readonly JsonPath[];
  /** Statuses that say there is nothing. */
  readonly empty: readonly string[];
  readonly identity: JsonPath | undefined;
  /** Where an item tells the key of our document; the first that tells counts. */
  readonly document: readonly JsonPath[];
  readonly rules: readonly OutcomeRule[];
}

export type Paging = IndexPaging | NumberedKeyPaging | { readonly kind: 'none' };

/** Items have ascending, sparse 64-bit indexes; the parameter asks for items from an index on, inclusive. */
export interface IndexPaging {
  readonly kind: 'index';
  readonly parameter: string;
  readonly field: JsonPath;
  readonly start: string;
  readonly gapChecksMs: readonly number[];
}

/** The first answer names a snapshot and counts its pages; page n is asked for as `<key>-<n>`. */
export interface NumberedKeyPaging {
  readonly kind: 'numberedKey';
  readonly parameter: string;
  readonly key: JsonPath;
  readonly pages: JsonPath;
  /** Tells whether the provider cut the result. */
  readonly truncated: JsonPath | undefined;
}
