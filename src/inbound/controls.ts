import { createIssue, type Issue } from '../core/issue.ts';
import type { DataRecord } from '../core/record.ts';
import type { Controls } from '../mapping/index.ts';

/** Checks what a file states about itself, so that a file that was cut off is refused before anything of it is sent. */
export interface ControlCheck {
  /** Takes the trailer out of the records; answers what is left. */
  pass(records: readonly DataRecord[]): readonly DataRecord[];
  /** At the end of the file: what does not agree. */
  findings(documents: number): readonly Issue[];
}

export function createControlCheck(controls: Controls | undefined, file: string): ControlCheck {
  const rule = controls?.trailer;
  let counted = 0;
  let trailer: DataRecord | undefined;
  let after: DataRecord | undefined;
  return {
    pass(records) {
      if (rule === undefined) return records;
      const left = records.filter((record) => {
        if (trailer === undefined && record.cells?.[0]?.trim() === rule.starts) {
          trailer = record;
          return false;
        }
        if (trailer !== undefined) after ??= record;
        return true;
      });
      counted += left.length;
      return left;
    },
    findings(documents) {
      if (rule === undefined) return [];
      if (trailer === undefined) {
        return [
          createIssue('trailer-missing', { file }, { expected: `a last record that starts with "${rule.starts}"` }),
        ];
      }
      if (after !== undefined) {
        const what = 'records follow the trailer';
        return [createIssue('control-total', { file, line: after.line }, { what })];
      }
      if (rule.count === undefined) return [];
      const stated = trailer.cells?.[rule.count - 1]?.trim() ?? '';
      const found = rule.of === 'documents' ? documents : counted;
      if (/^\d+$/.test(stated) && BigInt(stated) === BigInt(found)) return [];
      const what = `the trailer does not agree with the ${rule.of ?? 'records'} of the file`;
      return [
        createIssue('control-total', { file, line: trailer.line }, { what, expected: String(found), got: stated }),
      ];
    },
  };
}
