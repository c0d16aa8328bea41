/** `reading → received → settling → settled`; `held` waits for a person. */
export type DropState = 'reading' | 'received' | 'settling' | 'settled' | 'held';

/** `ready → sending → accepted · rejected · unknown · held`. `sending` is committed before the socket opens. */
export type SubmissionState = 'ready' | 'sending' | 'accepted' | 'rejected' | 'unknown' | 'held';

/** `building` is invisible; `built → written → published`. In `written`, a missing temporary file means it was published. */
export type OutboundState = 'building' | 'built' | 'written' | 'published';

/** Where a document is, as its sender sees it. */
export type DocumentStatus = 'waiting' | 'accepted' | 'already-received' | 'rejected' | 'held';
