import { createIssue } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import { parseYaml, type KeyPath } from '../core/positioned-yaml.ts';
import { createAjv } from '../core/shape.ts';
import type { Reader } from './reader.ts';

/** Reads a file beside the definition; undefined when there is none. */
export type ReadSchema = (relativePath: string) => { readonly text: string; readonly file: string } | undefined;

/** Answers the payload schema in a file named at a place of the definition. */
export type SchemaReader = (relativePath: string, at: KeyPath) => JsonSchema;

export function createSchemaReader(reader: Reader, readSchema: ReadSchema): SchemaReader {
  const known = new Map<string, JsonSchema>();
  return (relativePath, at) => {
    const schema = known.get(relativePath) ?? load(reader, readSchema, relativePath, at);
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
  const schema = parseJson(reader, source.text, source.file);
  if (schema === undefined) return {};
  try {
    createAjv().compile(schema);
  } catch (error) {
    const what = error instanceof Error ? error.message : 'the JSON Schema cannot be used';
    reader.issues.push(createIssue('bad-schema', { file: source.file, line: 1, character: 1 }, { what }));
  }
  return schema;
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
