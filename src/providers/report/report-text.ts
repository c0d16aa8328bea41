import type { JsonObject } from '../../core/json.ts';
import type { ConditionsText, HeadersText, StatusText } from '../definition-text.ts';

export interface ReportText {
  readonly start: {
    readonly method?: 'POST' | 'GET';
    readonly path: string;
    readonly headers?: HeadersText;
    readonly body?: JsonObject;
    readonly reference: string;
  };
  readonly wait: {
    readonly path: string;
    readonly every?: string;
    readonly longest?: string;
    readonly until: ConditionsText;
    readonly failed?: ConditionsText;
    readonly message?: string;
    readonly missing?: StatusText;
  };
  readonly download: {
    readonly url: string;
    readonly signIn?: boolean;
    readonly format: string;
    readonly expired?: StatusText;
    readonly bytes?: number;
    /** Options of the format, by their names there. */
    readonly [option: string]: unknown;
  };
  readonly period?: PeriodText;
}

export interface PeriodText {
  readonly step?: string;
  readonly longest?: string;
  readonly start?: string;
  readonly lag?: string;
  readonly format?: 'date' | 'iso' | 'epoch-ms';
  readonly end?: 'inclusive' | 'exclusive';
}
