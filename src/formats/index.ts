import type { Format } from '../core/format.ts';
import { csv } from './csv/csv.ts';
import { file } from './file/file.ts';
import { fixed } from './fixed/fixed.ts';
import { json } from './json/json.ts';
import { ndjson } from './json/ndjson.ts';
import { xlsx } from './xlsx/xlsx.ts';

/** Every format by the name that mappings give to `format:`. */
export const formats: ReadonlyMap<string, Format> = new Map(
  [csv, file, fixed, json, ndjson, xlsx].map((format) => [format.name, format]),
);
