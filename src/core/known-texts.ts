import type { JsonSchema } from './json.ts';
import schema from './texts.schema.json' with { type: 'json' };

/** Shape of a file with translations: one property for each template. Generated from the source; a test holds it. */
export const textsSchema: JsonSchema = schema;

/** Every template that may be told about data: of the catalogue, and of every phrase in the source. */
export const knownTexts: ReadonlySet<string> = new Set(Object.keys(schema.properties));
