import type { Evidence, LedgerDump, Phase } from './evidence.ts';

/** A way to falsify what was found, and the invariant that must notice. */
export interface Tampering {
  readonly invariant: string;
  readonly name: string;
  apply(evidence: Evidence): Evidence;
}

/** One for each invariant: a check that never fails proves nothing. */
export const tamperings: readonly Tampering[] = [
  {
    invariant: 'I1',
    name: 'a file that is lost',
    apply: (evidence) => inFolder(evidence, (folder) => folder.filter(({ path }) => !path.endsWith('/a-plain.csv'))),
  },
  {
    invariant: 'I2',
    name: 'a record that no column of the books counts',
    apply: (evidence) =>
      inDump(evidence, (dump) => ({
        ...dump,
        drops: dump.drops.map((drop) => ({ ...drop, books: { ...drop.books, records: drop.books.records + 1 } })),
      })),
  },
  {
    invariant: 'I3',
    name: 'a record that was made twice',
    apply: (evidence) => inWrites(evidence, ([first, ...rest]) => (first === undefined ? [] : [first, first, ...rest])),
  },
  {
    invariant: 'I3',
    name: 'a repeated request with other bytes',
    apply: (evidence) =>
      inWrites(evidence, ([first, ...rest]) =>
        first === undefined ? [] : [first, { ...first, committed: false, body: `${first.body} ` }, ...rest],
      ),
  },
  {
    invariant: 'I4',
    name: 'a request without an attempt in the ledger',
    apply: (evidence) =>
      inDump(evidence, (dump) => ({
        ...dump,
        submissions: dump.submissions.map((submission) => ({ ...submission, attempts: [] })),
      })),
  },
  {
    invariant: 'I5',
    name: 'a file that was seen twice',
    apply: (evidence) => ({ ...evidence, taken: [...evidence.taken, ...evidence.taken.slice(0, 1)] }),
  },
  {
    invariant: 'I5',
    name: 'a file that was seen in part',
    apply: (evidence) => ({
      ...evidence,
      taken: evidence.taken.map((file, index) => (index === 0 ? { ...file, hash: '0'.repeat(64) } : file)),
    }),
  },
  {
    invariant: 'I6',
    name: 'a claim that is left over',
    apply: (evidence) =>
      inFolder(evidence, (folder) => [...folder, { path: 'orders/in/.dray-1.claim', hash: '', content: '' }]),
  },
  {
    invariant: 'I7',
    name: 'an entry of a stream that was passed over',
    apply: (evidence) => inDump(evidence, (dump) => ({ ...dump, items: dump.items.slice(1) })),
  },
  {
    invariant: 'I8',
    name: 'a start without work that changes the ledger',
    apply: (evidence) =>
      inLast(evidence, (phase) => ({ ...phase, dump: phase.dump && withoutFirstAttempt(phase.dump) })),
  },
  {
    invariant: 'I11',
    name: 'a process that ends by itself in an unknown way',
    apply: (evidence) => inLast(evidence, (phase) => ({ ...phase, finished: { ...phase.finished, code: 134 } })),
  },
];

function withoutFirstAttempt(dump: LedgerDump): LedgerDump {
  return { ...dump, submissions: dump.submissions.slice(1) };
}

function inLast(evidence: Evidence, change: (phase: Phase) => Phase): Evidence {
  const last = evidence.phases.length - 1;
  return { ...evidence, phases: evidence.phases.map((phase, index) => (index === last ? change(phase) : phase)) };
}

function inFolder(evidence: Evidence, change: (folder: Phase['folder']) => Phase['folder']): Evidence {
  return { ...evidence, phases: evidence.phases.map((phase) => ({ ...phase, folder: change(phase.folder) })) };
}

function inDump(evidence: Evidence, change: (dump: LedgerDump) => LedgerDump): Evidence {
  return {
    ...evidence,
    phases: evidence.phases.map((phase) => ({ ...phase, dump: phase.dump && change(phase.dump) })),
  };
}

function inWrites(evidence: Evidence, change: (writes: Phase['writes']) => Phase['writes']): Evidence {
  return { ...evidence, provider: { ...evidence.provider, writes: change(evidence.provider.writes) } };
}
