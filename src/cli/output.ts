import process from 'node:process';
import { styleText } from 'node:util';
import { escapeControls } from '../core/issue.ts';

export const exitCodes = {
  /** All well. */
  well: 0,
  /** Finished, but something was rejected or is held. */
  rejected: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** Could not do its work: folder, ledger or provider out of reach. */
  unable: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Standard output for people and for programs: text on a terminal, one JSON object per line otherwise. */
export interface Output {
  readonly isForPeople: boolean;
  /** Tells one thing in both forms. */
  tell(fields: Readonly<Record<string, unknown>>, text: string): void;
  /** Text for people, on standard output, whatever it is. */
  text(line: string): void;
  /** Text for people, on standard error. */
  problem(line: string): void;
}

export function createOutput(options: { json?: boolean } = {}): Output {
  const isForPeople = options.json !== true && process.stdout.isTTY;
  return {
    isForPeople,
    tell: (fields, text) => process.stdout.write(`${isForPeople ? escapeLines(text) : JSON.stringify(fields)}\n`),
    text: (line) => process.stdout.write(`${line}\n`),
    problem: (line) => process.stderr.write(`${escapeLines(line)}\n`),
  };
}

export function dim(text: string): string {
  return styleText('dim', text, { stream: process.stdout });
}

// A file name or a cell must not move the cursor of whoever looks.
function escapeLines(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .split(/(\u001b\[\d+m)/)
        .map((part, index) => (index % 2 === 1 ? part : escapeControls(part)))
        .join(''),
    )
    .join('\n');
}
