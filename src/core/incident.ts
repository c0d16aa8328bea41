import type { Incident, IncidentCode } from './ledger-controls.ts';

type Described = Pick<Incident, 'flow' | 'code' | 'subject'>;

const WORDS = {
  'file-overdue': ({ flow, subject }) => `${flow}: no file came by ${subject}`,
  'sequence-gap': ({ flow, subject }) => `${flow}: files wait for ${subject}, which has not come`,
  'file-uncollected': ({ flow, subject }) => `${flow}: nobody took ${subject}`,
  'file-unacknowledged': ({ flow, subject }) => `${flow}: no acknowledgement came for ${subject}`,
  'file-declined': ({ flow, subject }) => `${flow}: its reader cannot use ${subject}`,
  'records-unread': ({ flow, subject }) => `${flow}: the provider does not show ${subject}`,
} as const satisfies Record<IncidentCode, (incident: Described) => string>;

/** An incident in words: `orders: no file came by Tue 2026-05-05 06:00 Europe/Berlin`. */
export function describeIncident(incident: Described): string {
  return WORDS[incident.code](incident);
}

const AGAIN = 'dray ledger rewrite FILE writes it again under its name';

const NOTES = {
  'file-overdue': 'ask its sender; dray ledger close ID says that it will not come',
  'sequence-gap': 'ask its sender for it; dray ledger sequence FLOW --next NUMBER goes on without it',
  'file-uncollected': `is the job of the reader running? When it has lost the file: ${AGAIN}. It closes by itself when the files are taken`,
  'file-unacknowledged': `ask the reader whether the file came and was read. When it is lost: ${AGAIN}. It closes by itself when the acknowledgements come`,
  'file-declined': `mend what the reader says, then ${AGAIN}, or collect it anew: dray ledger recollect FLOW --from CURSOR. It closes by itself when an acknowledgement says that the file is accepted`,
  'records-unread':
    'ask the provider what became of them; they are read on, and it closes by itself when they can be read',
} as const satisfies Record<IncidentCode, string>;

/** What a person can do about an incident. */
export function recoveryNote({ code }: Pick<Incident, 'code'>): string {
  return NOTES[code];
}

/** Whether an incident is about something of ours, rather than about a file that did not come. */
export function isAboutOurs({ code }: Pick<Incident, 'code'>): boolean {
  return code !== 'file-overdue' && code !== 'sequence-gap';
}
