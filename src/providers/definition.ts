import type { JsonSchema } from '../core/json.ts';
import type { JsonPath } from '../core/path.ts';
import type { OutcomeClass, RetryPolicy, Revisions, Waiting } from '../core/provider.ts';
import type { Phrase } from '../core/text.ts';
import type { BodyTemplate } from './request/body-template.ts';
import type { FeedDefinition } from './feed/feed-definition.ts';
import type { Template } from './request/template.ts';
import type { WebhookDefinition } from './webhook/webhook-definition.ts';

/** A provider.yaml, checked and compiled. Names no address and holds no secret. */
export interface ProviderDefinition {
  readonly file: string;
  readonly summary: string;
  /** Path under which the built-in sandbox plays this provider. */
  readonly sandbox: string | undefined;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly auth: AuthDefinition;
  readonly limits: Limits;
  readonly retry: RetryPolicy;
  readonly operations: ReadonlyMap<string, OperationDefinition>;
  readonly feeds: ReadonlyMap<string, FeedDefinition>;
  readonly webhook: WebhookDefinition | undefined;
}

export interface Setting {
  readonly summary: string;
  readonly isSecret: boolean;
  /** Value when the configuration gives none; without it the setting is required. */
  readonly default: string | undefined;
  /** The values it may have; undefined when any. */
  readonly values: readonly string[] | undefined;
}

/** What proves who sends a request: added when it is sent, never before, for it holds the secrets. */
export interface AuthDefinition {
  readonly headers: readonly HeaderTemplate[];
  readonly token: TokenDefinition | undefined;
  readonly tls: Readonly<Partial<Record<'certificate' | 'key' | 'authority', Template>>>;
}

/** OAuth 2 client credentials, RFC 6749 §4.4. */
export interface TokenDefinition {
  readonly path: Template;
  readonly client: 'body' | 'basic';
  readonly format: 'json' | 'form';
  readonly id: Template;
  readonly secret: Template;
  readonly fields: readonly { readonly name: string; readonly value: Template }[];
  /** How long a token lives whose answer does not say it. */
  readonly lifetimeMs: number;
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
  /** What a mapping has to give: without the fields of `set`, and with any text where a value is resolved later. */
  readonly schema: JsonSchema | undefined;
  /** What is sent. */
  readonly sentSchema: JsonSchema | undefined;
  readonly set: readonly { readonly name: string; readonly value: Template }[];
  readonly find: FindDefinition | undefined;
  readonly resolve: readonly ResolveDefinition[];
  readonly job: JobDefinition | undefined;
  readonly upload: UploadDefinition | undefined;
  readonly revisions: Revisions;
  readonly key: KeyDefinition;
  /** Where the provider finds the key that makes a repeated request harmless. */
  readonly repeat: 'url' | 'header' | 'body' | 'none';
  /** The first that fills counts. */
  readonly reference: readonly Template[];
  /** Own rules first, then the shared ones. */
  readonly rules: readonly OutcomeRule[];
  readonly messages: MessagePaths;
  /** Where an accepted answer carries warnings. */
  readonly notices: MessagePaths;
  readonly lookUp: LookUpDefinition | undefined;
  readonly batch: BatchDefinition | undefined;
}

/** How several documents go in one request. */
export interface BatchDefinition {
  /** Most elements of the list in one request. */
  readonly size: number;
  readonly bytes: number;
  /** Where the list of items is in the body of a request; names alone. */
  readonly list: JsonPath;
  /** Undefined where one verdict holds for all. */
  readonly results: BatchResults | undefined;
}

/** What an answer says of each item of the request. */
export interface BatchResults {
  /** Where its list of results is. */
  readonly list: JsonPath;
  /** Which result is about which item; undefined where the n-th is about the n-th. */
  readonly match: SamePaths | undefined;
  /** About a result. */
  readonly rules: readonly OutcomeRule[];
  readonly messages: MessagePaths;
  readonly notices: MessagePaths;
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
  /** All of them must hold: the header has one of the values. */
  readonly headers: readonly { readonly name: string; readonly equals: readonly string[] }[];
  /** All of them must hold: the path leads to one of the texts. */
  readonly body: Conditions;
  /** Fits only when an earlier attempt may have arrived. */
  readonly isAfterLoss: boolean;
  readonly class: OutcomeClass;
  /** What the body must be for the verdict to count. */
  readonly answer: 'json' | 'json or empty' | 'any';
}

export interface MessagePaths {
  readonly texts: readonly JsonPath[];
  /** Finds messages about fields inside these texts: groups `field` and `text`. */
  readonly inside?: RegExp;
  /** Objects of field name → text or list of texts. */
  readonly fields: readonly JsonPath[];
  /** Lists of messages that name their field themselves. */
  readonly lists: readonly MessageList[];
  /** What codes in a text mean: word → explanation. */
  readonly explain?: ReadonlyMap<string, string>;
}

export interface MessageList {
  readonly each: JsonPath;
  readonly text: JsonPath;
  readonly field: JsonPath | undefined;
  /** What stands before the name of a field to make it a path of what was sent: `products[0].`. */
  readonly prefix: string;
}

/** A value, or one of several texts, that must stand at a path. */
export type Conditions = readonly { readonly path: JsonPath; readonly equals: readonly string[] }[];

/** A read that leads to one record. */
export interface ReadDefinition {
  readonly method: 'GET' | 'POST';
  readonly path: Template;
  readonly body: BodyTemplate | undefined;
  /** Where in the answer the record, or candidates for it, are; absent there means missing. */
  readonly record: JsonPath;
  /** What tells the record from the other candidates. */
  readonly where: readonly { readonly path: JsonPath; readonly equals: Template }[];
  /** Statuses that say the provider has no such record. */
  readonly missing: readonly string[];
  /** The shared rules: the operation's own speak of a write. */
  readonly rules: readonly OutcomeRule[];
}

export interface LookUpDefinition extends ReadDefinition {
  /** Must be equal in what we sent and in the record. */
  readonly same: readonly SamePaths[];
  readonly unfinished: readonly UnfinishedDefinition[];
}

export interface SamePaths {
  readonly ours: JsonPath;
  readonly theirs: JsonPath;
  /** Compared only where we sent a value, or where both sides have one. Absent: always. */
  readonly when?: 'ours' | 'both';
}

/** What makes a record of ours go on that the provider left undone. */
export interface UnfinishedDefinition {
  readonly when: Conditions;
  readonly method: string;
  readonly path: Template;
  readonly body: BodyTemplate | undefined;
  readonly rules: readonly OutcomeRule[];
}

/** A read before the first send whose values the address uses. */
export interface FindDefinition extends ReadDefinition {
  readonly take: readonly { readonly name: string; readonly path: JsonPath }[];
  /** What the record says when there is nothing left to do. */
  readonly done: Conditions | undefined;
  /** What is looked for, in words. */
  readonly called: string;
  /** For a record that comes later: how often it is looked for, and how long. */
  readonly wait: Waiting | undefined;
}

/** Values of the payload that are replaced by what the provider calls them. */
export interface ResolveDefinition extends ReadDefinition {
  readonly at: JsonPath;
  /** Values that fit are the provider's already. */
  readonly unless: RegExp | undefined;
  readonly take: JsonPath;
  readonly rememberMs: number;
}

/** How to learn what became of something that was only taken on. */
export interface JobDefinition {
  readonly when: readonly string[];
  readonly path: Template;
  readonly everyMs: number;
  readonly longestMs: number;
  readonly until: Conditions;
  readonly rules: readonly OutcomeRule[];
}

/** The bytes of the drop, sent to an address that the answer to the request names. */
export interface UploadDefinition {
  readonly method: 'PUT' | 'POST';
  /** The whole address. */
  readonly url: Template;
  readonly headers: readonly HeaderTemplate[];
  /** Own rules first, then what holds for every upload. */
  readonly rules: readonly OutcomeRule[];
}
