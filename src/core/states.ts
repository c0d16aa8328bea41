/** `reading → received → settling → settled`; `held` waits for a person. */
export const dropStates = ['reading', 'received', 'settling', 'settled', 'held'] as const;
export type DropState = (typeof dropStates)[number];

/** `ready → sending → accepted · rejected · unknown · held`. `sending` is committed before the socket opens. */
export const submissionStates = ['ready', 'sending', 'accepted', 'rejected', 'unknown', 'held'] as const;
export type SubmissionState = (typeof submissionStates)[number];

/** `building` is invisible; `built → written → published`. In `written`, a missing temporary file means it was published. */
export const outboundStates = ['building', 'built', 'written', 'published'] as const;
export type OutboundState = (typeof outboundStates)[number];

/** Where a document is, as its sender sees it. */
export const documentStatuses = ['waiting', 'accepted', 'already-received', 'rejected', 'held'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];
