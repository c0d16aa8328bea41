import type { JsonObject } from '../core/json.ts';
import type { OutcomeClass, Revisions } from '../core/provider.ts';
import type { FeedText } from './feed/feed-text.ts';
import type { WebhookText } from './webhook/webhook-text.ts';

// The shapes of provider.yaml as written, after the schema has held.

export type StatusText = number | string | readonly (number | string)[];
export type OneOrMore = string | readonly string[];
export type HeadersText = Readonly<Record<string, string>>;

export interface ProviderText {
  readonly summary: string;
  readonly sandbox?: string;
  readonly settings?: Readonly<Record<string, SettingText>>;
  readonly auth?: AuthText;
  readonly headers?: HeadersText;
  readonly limits?: LimitsText;
  readonly retry?: { readonly base?: string; readonly cap?: string; readonly attempts?: number };
  readonly outcomes?: readonly RuleText[];
  readonly messages?: MessagesText;
  readonly notices?: MessagesText;
  readonly operations?: Readonly<Record<string, OperationText>>;
  readonly feeds?: Readonly<Record<string, FeedText>>;
  readonly webhooks?: WebhookText;
}

interface SettingText {
  readonly summary: string;
  readonly secret?: boolean;
  readonly default?: string;
  readonly enum?: readonly string[];
}

export interface AuthText {
  readonly headers?: HeadersText;
  readonly token?: TokenText;
  readonly tls?: { readonly certificate?: string; readonly key?: string; readonly authority?: string };
}

export interface TokenText {
  readonly path: string;
  readonly client: 'body' | 'basic';
  readonly format: 'json' | 'form';
  readonly id: string;
  readonly secret: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly lifetime?: string;
}

export interface LimitsText {
  readonly rate?: string;
  readonly concurrency?: number;
  readonly connect?: string;
  readonly answer?: string;
  readonly answerBytes?: number;
}

export interface RuleText {
  readonly status: StatusText;
  readonly headers?: Readonly<Record<string, OneOrMore>>;
  readonly body?: ConditionsText;
  readonly after?: 'lost';
  readonly class: OutcomeClass;
  readonly answer?: 'json' | 'json or empty' | 'any';
}
/** A rule about a part of an answer; without a status it fits any success. */
export type ItemRuleText = Omit<RuleText, 'status'> & Partial<Pick<RuleText, 'status'>>;
/** Path → the value, or values, it may have. */
export type ConditionsText = Readonly<Record<string, Scalar | readonly Scalar[]>>;
type Scalar = string | number | boolean;

export interface MessagesText {
  readonly text?: OneOrMore;
  readonly inside?: string;
  readonly fields?: OneOrMore;
  readonly explain?: Readonly<Record<string, string>>;
  readonly list?: MessageListText | readonly MessageListText[];
}

export interface MessageListText {
  readonly each: string;
  readonly text: string;
  readonly field?: string;
  readonly prefix?: string;
}

export interface OperationText {
  readonly summary: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: HeadersText;
  readonly body?: string;
  readonly key: {
    readonly from: string;
    readonly pattern?: string;
    readonly maxLength?: number;
    readonly expected?: string;
  };
  readonly repeat: 'url' | 'header' | 'body' | 'none';
  readonly revisions?: Revisions;
  readonly set?: Readonly<Record<string, string>>;
  readonly find?: FindText;
  readonly resolve?: readonly ResolveText[];
  readonly job?: JobText;
  readonly upload?: UploadText;
  readonly reference?: OneOrMore;
  readonly outcomes?: readonly RuleText[];
  readonly messages?: MessagesText;
  readonly notices?: MessagesText;
  readonly lookUp?: LookUpText;
  readonly batch?: BatchText;
}

export interface BatchText {
  readonly size: number;
  readonly bytes?: number;
  readonly list: string;
  readonly results?: {
    readonly list: string;
    readonly match?: { readonly ours: string; readonly theirs: string };
    readonly outcomes: readonly ItemRuleText[];
    readonly messages?: MessagesText;
    readonly notices?: MessagesText;
  };
}

/** A read that leads to one record. */
export interface ReadText {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: JsonObject;
  readonly record?: string;
  readonly where?: Readonly<Record<string, string>>;
  readonly missing?: StatusText;
}

export interface SameText {
  readonly ours: string;
  readonly theirs?: string;
  readonly when?: 'ours' | 'both';
}

export interface LookUpText extends ReadText {
  readonly same?: readonly (string | SameText)[];
  readonly unfinished?: readonly UnfinishedText[];
}

export interface UnfinishedText {
  readonly when: ConditionsText;
  readonly method: string;
  readonly path: string;
  readonly body?: JsonObject;
  readonly outcomes?: readonly RuleText[];
}

export interface FindText extends ReadText {
  readonly take: Readonly<Record<string, string>>;
  readonly done?: ConditionsText;
  readonly called?: string;
  readonly wait?: { readonly every: string; readonly longest: string };
}

export interface UploadText {
  readonly method?: 'PUT' | 'POST';
  readonly url: string;
  readonly headers?: HeadersText;
  readonly outcomes?: readonly RuleText[];
}

export interface ResolveText extends ReadText {
  readonly at: string;
  readonly unless?: string;
  readonly take: string;
  readonly remember?: string;
}

export interface JobText {
  readonly when: StatusText;
  readonly path: string;
  readonly every?: string;
  readonly longest?: string;
  readonly until: ConditionsText;
  readonly outcomes?: readonly RuleText[];
}
