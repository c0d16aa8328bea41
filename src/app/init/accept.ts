import { rename, stat, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { readText } from '../../config/index.ts';
import { Failure, systemCode } from '../../core/failure.ts';
import { acceptResults, type MappingTestResult } from '../../mapping/index.ts';
import { lineDiff, type ChangedLine } from './line-diff.ts';

export interface AcceptedTests {
  /** Positions of the tests that expect something else now. */
  readonly changed: readonly number[];
  readonly diff: readonly ChangedLine[];
}

/** Writes what failing tests got into the mapping as what they expect. @throws Failure bad-usage when it cannot be written. */
export async function acceptTests(path: string, results: readonly MappingTestResult[]): Promise<AcceptedTests> {
  const before = readText(path) ?? '';
  const { text, changed } = acceptResults(before, results);
  if (text !== before) await replaceText(path, text);
  return { changed, diff: lineDiff(before, text) };
}

/** Whole or not at all: somebody's mapping must survive a full disk. */
async function replaceText(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const { mode } = await stat(path);
    await writeFile(temporary, text, { mode, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    throw new Failure('bad-usage', `cannot write ${path} (${systemCode(error) ?? 'unknown'})`, { cause: error });
  }
}
