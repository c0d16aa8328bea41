import type { ReportPeriod } from '../../core/feed.ts';
import type { FormatOptions } from '../../core/format.ts';
import type { JsonPath } from '../../core/path.ts';
import type { BodyTemplate } from '../request/body-template.ts';
import type { Conditions, HeaderTemplate } from '../definition.ts';
import type { Template } from '../request/template.ts';

/** Rows that a provider writes into a file on request. */
export interface ReportDefinition {
  readonly start: StartDefinition;
  readonly wait: WaitDefinition;
  readonly download: DownloadDefinition;
  /** Undefined: a report says how things are now. */
  readonly period: PeriodDefinition | undefined;
}

export interface StartDefinition {
  readonly method: 'POST' | 'GET';
  readonly path: Template;
  readonly headers: readonly HeaderTemplate[];
  readonly body: BodyTemplate | undefined;
  /** Where the answer names the report. */
  readonly reference: JsonPath;
}

export interface WaitDefinition {
  readonly path: Template;
  readonly everyMs: number;
  readonly longestMs: number;
  readonly until: Conditions;
  readonly failed: Conditions;
  readonly message: JsonPath | undefined;
  /** Statuses that say there is no such report. */
  readonly missing: readonly string[];
}

export interface DownloadDefinition {
  /** Where the last answer tells the address of the file. */
  readonly url: JsonPath;
  /** Whether the file is asked for with our credentials: only at the provider's own address. */
  readonly signIn: boolean;
  readonly format: string;
  readonly options: FormatOptions;
  /** Statuses that say that the address is not good any more. */
  readonly expired: readonly string[];
  /** Longest file. */
  readonly bytes: number;
}

export interface PeriodDefinition extends ReportPeriod {
  readonly format: 'date' | 'iso' | 'epoch-ms';
  /** Whether the end that is asked for belongs to the report. */
  readonly isEndInside: boolean;
}
