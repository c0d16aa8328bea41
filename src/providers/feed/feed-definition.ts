import type { ChangeReading } from '../../core/feed.ts';
import type { JsonPath } from '../../core/path.ts';
import type { BodyTemplate } from '../request/body-template.ts';
import type { Conditions, HeaderTemplate, OutcomeRule } from '../definition.ts';
import type { ReportDefinition } from '../report/report-definition.ts';
import type { Template } from '../request/template.ts';

export interface FeedDefinition {
  readonly name: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST';
  readonly path: Template;
  readonly headers: readonly HeaderTemplate[];
  readonly query: readonly NamedTemplate[];
  readonly body: BodyTemplate | undefined;
  readonly paging: Paging;
  /** The feed is walked once for each of these; one without values where nothing is said. */
  readonly rounds: readonly ReadonlyMap<string, string>[];
  /** Fields that every item gets. */
  readonly add: readonly NamedTemplate[];
  /** Where the items are; the first that leads to a list counts. */
  readonly items: readonly JsonPath[];
  /** Statuses that say there is nothing. */
  readonly empty: readonly string[];
  /** Paths whose values together tell one item from another, or the whole content. */
  readonly identity: readonly JsonPath[] | 'hash';
  /** Where an item tells the key of our document; the first that tells counts. */
  readonly document: readonly JsonPath[];
  readonly changes: ChangesDefinition | undefined;
  readonly follow: readonly FollowDefinition[];
  readonly lists: readonly ListFollowDefinition[];
  readonly track: TrackDefinition | undefined;
  readonly report: ReportDefinition | undefined;
  readonly rules: readonly OutcomeRule[];
}

export interface NamedTemplate {
  readonly name: string;
  readonly value: Template;
}

export type Paging =
  IndexPaging | NumberedKeyPaging | OffsetPaging | PagePaging | LinkPaging | TokenPaging | { readonly kind: 'none' };

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

/** Asks for items from a count on; an empty page is the end. */
export interface OffsetPaging {
  readonly kind: 'offset';
  readonly parameter: string;
  readonly limit: string;
  readonly size: number;
  /** On one of the statuses the size is halved, down to this. */
  readonly smallest: number;
  readonly shrinkOn: readonly string[];
}

/** Pages have numbers; the end is an empty one, or the last as the answer counts them. */
export interface PagePaging {
  readonly kind: 'page';
  readonly parameter: string;
  readonly size: PageSize | undefined;
  readonly first: number;
  readonly pages: JsonPath | undefined;
}

/** The next page is the one a `Link` header calls `next`, RFC 8288. */
export interface LinkPaging {
  readonly kind: 'link';
  readonly size: PageSize | undefined;
}

/** An answer holds the token of the next page. */
export interface TokenPaging {
  readonly kind: 'token';
  readonly field: JsonPath;
  readonly target: Target;
}

export interface PageSize {
  readonly parameter: string;
  readonly size: number;
}

/** Where in a request a value goes: a query parameter, or a place in the body by property names. */
export type Target =
  { readonly kind: 'query'; readonly name: string } | { readonly kind: 'body'; readonly path: readonly string[] };

export interface ChangesDefinition extends ChangeReading {
  readonly since: Target;
  readonly until: Target | undefined;
  readonly format: 'iso' | 'epoch-ms';
  /** Where an item tells when it changed. */
  readonly field: JsonPath;
  /** Statuses that say that the token of a page is gone. */
  readonly dead: readonly string[];
}

/** A record that an item only names. */
export interface FollowDefinition {
  readonly when: Conditions;
  readonly path: Template;
  /** The field of the item that gets the record. */
  readonly as: string;
  readonly missing: readonly string[];
}

/** Records of a list of the provider that an item only names. */
export interface ListFollowDefinition {
  /** Feed whose items have the identities that are named. */
  readonly list: string;
  readonly by: readonly JsonPath[];
  /** The field of the item that gets a list of the records. */
  readonly as: string;
  /** Fields of a record that are kept. */
  readonly take: readonly string[];
  readonly rememberMs: number;
}

/** Records of submissions that are read one by one, because no list of them exists. */
export interface TrackDefinition {
  readonly operations: readonly string[];
  readonly everyMs: number;
  readonly until: Conditions;
  readonly forMs: number;
}
