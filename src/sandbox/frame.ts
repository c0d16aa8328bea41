import type { IncomingHttpHeaders } from 'node:http';
import type { OwedPost } from './webhooks.ts';

/** A request as a provider's stand-in sees it. */
export interface ProviderRequest {
  method: string;
  /** Path below the mount, still percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What goes back over the wire. `body` is sent as it stands. */
export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

/** Names one record for inspection or for a forced state. `client` defaults to the provider's first one. */
export interface RecordAddress {
  kind: string;
  id: string;
  client: string | undefined;
}

/** Wrong use of an admin service; its message is answered with 400. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
}

/** The stand-in of one provider. Every method is synchronous, so that a request is performed whole or not at all. */
export interface ProviderStandIn {
  readonly name: string;
  /** First segment of its paths, such as `/ctl`. */
  readonly mount: string;
  /** The body of an answer whose status a fault forces, in the provider's own shape of an error. */
  forcedBody(status: number): unknown;
  /** Performs everything that is due up to now, then the request. */
  handle(request: ProviderRequest): Answer;
  /** Performs everything that is due up to now. */
  settle(): void;
  /** The record, all ids of a kind when `id` is empty, or undefined when there is none. */
  inspect(address: RecordAddress): unknown;
  /** Forces a record into a state. Throws `AdminError` when the state or the record is unknown. */
  transition(address: RecordAddress, state: string): void;
  /** Adds master data. Throws `AdminError` when it is malformed. */
  seed(data: unknown): void;
  /** Posts it owes, to be taken and put back by whoever sends them; undefined when nobody asked for any. */
  owed?(): OwedPost[] | undefined;
  reset(seed: number): void;
  save(): unknown;
  load(saved: unknown): void;
}
