import type { BackEvidence } from './check.ts';

/** A way to falsify what was found, and what must be said of it. */
export interface BackTampering {
  readonly name: string;
  readonly finds: RegExp;
  apply(evidence: BackEvidence): BackEvidence;
}

/** One for each promise: a check that never fails proves nothing. */
export const backTamperings: readonly BackTampering[] = [
  {
    name: 'a file nobody saw',
    finds: /^shipments: .* is in the files 0 times instead of 1 times/,
    apply: (evidence) => takenWithout(evidence, /^shipments\//),
  },
  {
    name: 'a file nobody saw: its number',
    finds: /^tracked: number 1 is missing/,
    apply: (evidence) => takenWithout(evidence, /^tracked\//),
  },
  {
    name: 'a file that came twice',
    finds: /^documents: .* is in the files 2 times instead of 1 times/,
    apply: (evidence) => {
      const [first] = evidence.taken.filter(({ path }) => path.startsWith('documents/'));
      return { ...evidence, taken: [...evidence.taken, ...(first === undefined ? [] : [first])] };
    },
  },
  {
    name: 'a name with other bytes',
    finds: /^levels\/LEVELS_000001\.csv 1 has other bytes than before/,
    apply: (evidence) => ({
      ...evidence,
      taken: evidence.taken.map((file) =>
        file.path.endsWith('LEVELS_000001.csv') ? { ...file, hash: '0'.repeat(64) } : file,
      ),
    }),
  },
  {
    name: 'a file that was cut off',
    finds: /^counts\/COUNTS_000001\.csv is not whole/,
    apply: (evidence) => ({
      ...evidence,
      taken: evidence.taken.map((file) =>
        file.path.endsWith('COUNTS_000001.csv') ? { ...file, content: file.content.slice(0, -9) } : file,
      ),
    }),
  },
  {
    name: 'something that happened and is in no file',
    finds: /^counts: ten Z is in the files 0 times instead of 1 times/,
    apply: (evidence) => ({ ...evidence, events: [...evidence.events, { Order: 'Z', No: 1, stage: 2 }] }),
  },
  {
    name: 'a temporary file that is left over',
    finds: /left over/,
    apply: (evidence) => ({
      ...evidence,
      phases: evidence.phases.map((phase) => ({
        ...phase,
        folder: [...phase.folder, { path: 'stock/.dray-stock-9.tmp', hash: '', content: '' }],
      })),
    }),
  },
];

function takenWithout(evidence: BackEvidence, pattern: RegExp): BackEvidence {
  const at = evidence.taken.findIndex(({ path }) => pattern.test(path));
  return { ...evidence, taken: evidence.taken.filter((_file, index) => index !== at) };
}
