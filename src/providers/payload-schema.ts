import { createIssue } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import { parseYaml, type KeyPath } from '../core/positioned-yaml.ts';
import { createAjv } from '../core/shape.ts';
import type { Reader } from './feed/reader.ts';

/** Reads a file beside the definition; undefined when there is none. */
export type ReadSchema = (relativePath: string) => { readonly text: string; readonly file: string } | undefined;

/** Answers the payload schema in a file named at a place of the definition. */
export type SchemaReader = (relativePath: string, at: KeyPath) => JsonSchema;

/** `isThorough`: also finds out whether each schema can be used. */
export function createSchemaReader(reader: Reader, readSchema: ReadSchema, isThorough: boolean): SchemaReader {
  const known = new Map<string, JsonSchema>();
  return (relativePath, at) => {
    const schema = known.get(relativePath) ?? load(reader, readSchema, relativePath, at);
    if (isThorough && !known.has(relativePath)) tryOut(reader, schema, readSchema(relativePath)?.file ?? relativePath);
    known.set(relativePath, schema);
    return schema;
  };
}

function load(reader: Reader, readSchema: ReadSchema, relativePath: string, at: KeyPath): JsonSchema {
  const source = readSchema(relativePath);
  if (source === undefined) {
    reader.report('missing-file', at, { got: relativePath });
    return {};
  }
  return parseJson(reader, source.text, source.file) ?? {};
}

function tryOut(reader: Reader, schema: JsonSchema, file: string): void {
  try {
    createAjv().compile(schema);
  } catch (error) {
    const what = error instanceof Error ? error.message : 'the JSON Schema cannot be used';
    reader.issues.push(createIssue('bad-schema', { file, line: 1, character: 1 }, { what }));
  }
}

function parseJson(reader: Reader, text: string, file: string): JsonSchema | undefined {
  const start = { file, line: 1, character: 1 };
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) return schema as JsonSchema;
    reader.issues.push(createIssue('bad-schema', start, { expected: 'an object' }));
  } catch {
    // JSON is YAML, and the YAML parser knows the line of the mistake.
    const where = parseYaml(text, file).issues[0]?.where ?? start;
    reader.issues.push(createIssue('bad-json', where));
  }
  return undefined;
}
