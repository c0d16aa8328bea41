import type { JsonObject } from '../../core/json.ts';
import type { ConditionsText, HeadersText, OneOrMore, RuleText, StatusText } from '../definition-text.ts';
import type { ReportText } from '../report/report-text.ts';

export interface FeedText {
  readonly summary: string;
  readonly path?: string;
  readonly request?: { readonly method?: 'GET' | 'POST'; readonly body?: JsonObject };
  readonly headers?: HeadersText;
  readonly query?: Readonly<Record<string, string>>;
  readonly paging?: PagingText;
  readonly each?: Readonly<Record<string, readonly (string | number)[]>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly items?: OneOrMore;
  readonly empty?: StatusText;
  readonly identity?: OneOrMore;
  readonly document?: OneOrMore;
  readonly changes?: ChangesText;
  readonly follow?: readonly FollowText[];
  readonly track?: TrackText;
  readonly report?: ReportText;
  readonly outcomes?: readonly RuleText[];
}

export interface PagingText {
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
  readonly offset?: {
    readonly parameter: string;
    readonly limit: string;
    readonly size: number;
    readonly smallest?: number;
    readonly shrinkOn?: StatusText;
  };
  readonly page?: {
    readonly parameter: string;
    readonly limit?: string;
    readonly size?: number;
    readonly first?: number;
    readonly pages?: string;
  };
  readonly link?: { readonly limit?: string; readonly size?: number };
  readonly token?: { readonly field: string; readonly parameter?: string; readonly body?: string };
}

export interface ChangesText {
  readonly since: {
    readonly parameter?: string;
    readonly body?: string;
    readonly until?: string;
    readonly format?: 'iso' | 'epoch-ms';
    readonly field: string;
    readonly overlap?: string;
    readonly slice?: string;
    readonly start?: string;
  };
  readonly dead?: StatusText;
}

export interface FollowText {
  readonly when?: ConditionsText;
  readonly path?: string;
  readonly as: string;
  readonly missing?: StatusText;
  readonly list?: string;
  readonly by?: OneOrMore;
  readonly take?: readonly string[];
  readonly remember?: string;
}

export interface TrackText {
  readonly operations: readonly string[];
  readonly path: string;
  readonly every?: string;
  readonly until?: ConditionsText;
  readonly for?: string;
}
