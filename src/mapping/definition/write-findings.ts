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

/** What cannot stand beside record types. */
export function recordFindings(definition: OutboundDefinition, canMix: boolean, yaml: PositionedYaml): Issue[] {
  const { write, map, gone } = definition;
  const issues: Issue[] = [];
  const add = (path: readonly string[], what: string, hint: string): void => {
    issues.push(createIssue('wrong-value', yaml.keyPlace(path), { what, hint }));
  };
  if (!canMix) {
    const what = `${write.format} files hold records of one kind`;
    add(['records'], what, 'Write csv, fixed, json or ndjson, or a mapping for each kind.');
  }
  if (Object.keys(map).length > 0) add(['map'], 'each record type has a map of its own', 'Move it below records.');
  if (gone !== undefined) {
    add(['gone'], 'nothing can be said of a group of records that is gone', 'Leave gone out; the log tells them.');
  }
  return issues;
}
