import type { IssueCode } from '../../core/issue-catalogue.ts';
import type { IssueDetails } from '../../core/issue.ts';
import { say, type Phrase } from '../../core/text.ts';

/** Why a workbook as a whole cannot be used: ends the reading of it and becomes its last event. */
export class Refusal extends Error {
  readonly code: IssueCode;
  readonly details: IssueDetails;
  /** Row of the sheet, where there is one. */
  readonly line: number | undefined;

  constructor(code: IssueCode, details: IssueDetails = {}, line?: number) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
    this.line = line;
  }
}

/** `part`: which of the files inside the workbook; for whoever made it, not for its reader. */
export function damaged(what: Phrase, part?: string): Refusal {
  const whole =
    part === undefined ? say`the workbook is damaged: ${what}` : say`the workbook is damaged: ${what} (in ${part})`;
  return new Refusal('damaged-workbook', { what: whole });
}

export function tooMuch(
  what: Phrase,
  expected: Phrase,
  { got, line }: { got?: string; line?: number | undefined } = {},
): Refusal {
  return new Refusal('archive-bomb', { what, expected, ...(got === undefined ? {} : { got }) }, line);
}
