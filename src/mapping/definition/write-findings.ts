import type { FormatOptions } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { PositionedYaml } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import { formatInstant } from '../values/instant.ts';
import type { OutboundDefinition } from '../types.ts';

const TIME = /\{(?:date|as-of):([^{}@]*)(?:@([^{}]+))?\}/g;

/** Times in the records around the rows whose format or zone is not known. */
export function timeFindings({ records }: FormatOptions, yaml: PositionedYaml): Issue[] {
  const issues: Issue[] = [];
  const look = (node: unknown, path: readonly (string | number)[]): void => {
    if (typeof node === 'string') {
      for (const [place, format = '', zone = 'UTC'] of node.matchAll(TIME)) {
        if (canWrite(format, zone)) continue;
        const what = `the date format or the time zone of ${place} is not known`;
        issues.push(createIssue('bad-template', yaml.place(path), { what }));
      }
    } else if (typeof node === 'object' && node !== null) {
      for (const [key, value] of Object.entries(node)) look(value, [...path, Array.isArray(node) ? Number(key) : key]);
    }
  };
  look(records, ['write', 'records']);
  return issues;
}

function canWrite(format: string, zone: string): boolean {
  try {
    formatInstant(0, format, zone);
    return true;
  } catch {
    return false;
  }
}

/** Columns of `gone` that the mapping does not have. */
export function goneFindings(
  { gone = {} }: OutboundDefinition,
  columns: readonly string[],
  yaml: PositionedYaml,
): Issue[] {
  return Object.keys(gone)
    .filter((name) => !columns.includes(name))
    .map((name) => {
      const what = `no column of the mapping is called ${name}`;
      return createIssue('unknown-reference', yaml.keyPlace(['gone', name]), { what, ...suggestion(name, columns) });
    });
}
