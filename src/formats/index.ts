import type { Format } from '../core/format.ts';
import { csv } from './csv/csv.ts';

/** Every format by the name that mappings give to `format:`. */
export const formats: ReadonlyMap<string, Format> = new Map([csv].map((format) => [format.name, format]));
