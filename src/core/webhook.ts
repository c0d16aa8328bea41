/** Header fields of a post: names in lower case, of a field that came twice all values. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What an event says of itself. An event says that something happened; what happened is read from the provider. */
export interface WebhookEvent {
  /** The same for every repetition of an event: its id, or the hash of its bytes. */
  readonly identity: string;
  /** Empty when it tells none. */
  readonly type: string;
  /** Whether the definition knows the type. */
  readonly isKnownType: boolean;
  /** Key of our document, when the event tells. */
  readonly documentKey?: string;
  /** When it happened, by the provider's clock, in milliseconds since the epoch. */
  readonly timeMs?: number;
  readonly wakes: readonly Wake[];
}

/** A feed that is to be read at once. */
export interface Wake {
  readonly feed: string;
  /** Of a feed that reads records one by one: the key of the one to read first. */
  readonly key?: string;
}

/** How a provider's posts are told from those of others, and what they say. */
export interface Webhook {
  /** Longest body, in bytes. */
  readonly bodyBytes: number;
  /** False when anybody may post. */
  readonly isVerified: boolean;
  /** Whether the header fields alone already show that the post is not the provider's. */
  isForeign(headers: WebhookHeaders): boolean;
  /** Whether the provider made exactly these bytes, as far as its posts can prove it. Takes the same time for any wrong proof. */
  isGenuine(headers: WebhookHeaders, body: Uint8Array): boolean;
  /** Never throws: bytes that cannot be read are an event of no known type. */
  read(body: Uint8Array): WebhookEvent;
}

export interface ReceivedWebhook {
  readonly provider: string;
  readonly identity: string;
  readonly type: string;
  readonly documentKey?: string;
  readonly timeMs?: number;
  readonly body: Uint8Array;
}

export interface StoredWebhook {
  readonly id: number;
  readonly provider: string;
  readonly body: Uint8Array;
}

/** A wake with what the ledger needs to find the record. */
export interface FeedWake {
  readonly provider: string;
  readonly feed: string;
  readonly record?: { readonly operations: readonly string[]; readonly key: string };
}

export interface WebhookCounts {
  readonly provider: string;
  readonly lastAt: number;
  readonly stored: number;
  /** Came again under a known identity. */
  readonly repeated: number;
  /** Stored events whose feeds were woken. */
  readonly woken: number;
}

/** What the ledger keeps of posts. */
export interface WebhookLedger {
  /**
   * Stores an event; durable when it resolves. Those that come at one moment share a transaction. Answers whether it is
   * new: a repetition changes nothing but a count.
   */
  storeWebhook(received: ReceivedWebhook): Promise<boolean>;
  /** Stored events whose feeds were not woken yet, oldest first; only those after one of them. */
  openWebhooks(limit: number, after?: number): Promise<readonly StoredWebhook[]>;
  /** Events are done, feeds are woken and their records the first of the next round of reads, in one transaction. */
  wakeFeeds(eventIds: readonly number[], wakes: readonly FeedWake[], now: number): Promise<void>;
  /** When each feed was woken last. */
  wokenFeeds(): Promise<readonly { readonly provider: string; readonly feed: string; readonly wokenAt: number }[]>;
  /** Forgets events that came before and are done; answers how many. */
  pruneWebhooks(before: number): Promise<number>;
}
