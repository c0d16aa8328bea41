import type { OutcomeClass } from '../core/provider.ts';

// The shapes of provider.yaml as written, after the schema has held.

export type StatusText = number | string | readonly (number | string)[];
export type OneOrMore = string | readonly string[];
export type HeadersText = Readonly<Record<string, string>>;

export interface ProviderText {
  readonly summary: string;
  readonly sandbox?: string;
  readonly settings?: Readonly<Record<string, SettingText>>;
  readonly auth?: { readonly headers?: HeadersText };
  readonly headers?: HeadersText;
  readonly limits?: LimitsText;
  readonly retry?: { readonly base?: string; readonly cap?: string; readonly attempts?: number };
  readonly outcomes?: readonly RuleText[];
  readonly messages?: MessagesText;
  readonly operations?: Readonly<Record<string, OperationText>>;
  readonly feeds?: Readonly<Record<string, FeedText>>;
}

interface SettingText {
  readonly summary: string;
  readonly secret?: boolean;
  readonly default?: string;
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
  readonly body?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  readonly class: OutcomeClass;
  readonly answer?: 'json' | 'json or empty' | 'any';
}
type Scalar = string | number | boolean;

export interface MessagesText {
  readonly text?: OneOrMore;
  readonly fields?: OneOrMore;
  readonly list?: { readonly each: string; readonly text: string; readonly field?: string };
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
  readonly reference?: string;
  readonly outcomes?: readonly RuleText[];
  readonly messages?: MessagesText;
  readonly lookUp?: LookUpText;
}

export interface LookUpText {
  readonly path: string;
  readonly record?: string;
  readonly missing?: StatusText;
  readonly same: readonly string[];
}

export interface FeedText {
  readonly summary: string;
  readonly path: string;
  readonly headers?: HeadersText;
  readonly query?: Readonly<Record<string, string>>;
  readonly paging?: {
    readonly index?: {
      readonly parameter: string;
      readonly field: string;
      readonly start?: string;
      readonly gapChecks?: readonly string[];
    };
    readonly numberedKey?: {
      readonly parameter: string;
      readonly key: string;
      readonly pages: string;
      readonly truncated?: string;
    };
  };
  readonly items?: OneOrMore;
  readonly empty?: StatusText;
  readonly identity?: string;
  readonly document?: OneOrMore;
  readonly outcomes?: readonly RuleText[];
}
