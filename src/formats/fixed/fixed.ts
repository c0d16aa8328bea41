import type { Format } from '../../core/format.ts';
import { checkMixedFixed } from './check-write.ts';
import { checkFixed } from './check.ts';
import { endingOfFixed } from './ending.ts';
import { readOptions, writeOptions } from './options.ts';
import { readFixed, readRawFixed } from './read.ts';
import { writeFixedRejects } from './rejects.ts';
import { checkFixedRow, checkMixedFixedRow, writeFixed, writeMixedFixed } from './write.ts';

/** Records whose values stand at fixed positions, as lines or one after the other. */
export const fixed: Format = {
  name: 'fixed',
  shape: 'table',
  extension: 'txt',
  readOptions,
  writeOptions,
  check: checkFixed,
  ending: endingOfFixed,
  read: readFixed,
  readRaw: readRawFixed,
  writeRejects: writeFixedRejects,
  rowCheck: checkFixedRow,
  mixed: { check: checkMixedFixed, rowCheck: checkMixedFixedRow, write: writeMixedFixed },
  write: writeFixed,
};
