import type { Format } from '../../core/format.ts';
import type { JsonSchema } from '../../core/json.ts';
import { emptySchema } from './node-schema.ts';

/** Schema of `read`. */
export function readSchema(formats: ReadonlyMap<string, Format>): JsonSchema {
  return byFormat(formats, 'How files are read.', ({ readOptions }) => {
    const { properties, ...rest } = optionsOf(readOptions);
    return {
      ...rest,
      properties: {
        format: true,
        name: { type: 'string', pattern: '\\{[a-z]+\\}', description: 'What the name must fit: "Orders{rest}.csv".' },
        with: {
          description: 'Files that belong to the picked one.',
          type: 'object',
          propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]*$', not: { enum: ['lines', 'head', 'picked', 'document'] } },
          additionalProperties: companionSchema(properties, rest['dependentSchemas']),
        },
        empty: emptySchema,
        ...properties,
      },
    };
  });
}

function companionSchema({ records: _records, name: _name, ...properties }: JsonSchema, together: unknown): JsonSchema {
  const { records: _rule, ...dependentSchemas } = { ...(together as JsonSchema | undefined) };
  return {
    ...(Object.keys(dependentSchemas).length === 0 ? {} : { dependentSchemas }),
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, description: 'Its name: "OrderItems{rest}.csv".' },
      by: { $ref: '#/$defs/key', description: 'Whose record it is: same value as document.group.' },
      key: {
        type: 'string',
        minLength: 1,
        description: 'Column that is looked up: the file is a table, read as `$table: name.Column`.',
      },
      ...properties,
    },
    additionalProperties: false,
  };
}

/** Schema of `write`. */
export function writeSchema(formats: ReadonlyMap<string, Format>): JsonSchema {
  const writable = new Map([...formats].filter(([, { isReadOnly }]) => isReadOnly !== true));
  return byFormat(writable, 'How files are written.', ({ writeOptions }) => {
    const { properties, ...rest } = optionsOf(writeOptions);
    return { ...rest, properties: { format: true, ...properties } };
  });
}

/** Each format has a branch that is closed by itself: only then can a misspelt option be named. */
function byFormat(
  formats: ReadonlyMap<string, Format>,
  description: string,
  branch: (format: Format) => JsonSchema,
): JsonSchema {
  return {
    description,
    type: 'object',
    required: ['format'],
    properties: { format: { enum: [...formats.keys()], description: 'Its own options stand beside it.' } },
    allOf: [...formats.values()].map((format) =>
      choice(
        { type: 'object', required: ['format'], properties: { format: { const: format.name } } },
        { ...branch(format), type: 'object', additionalProperties: false },
      ),
    ),
  };
}

function optionsOf(schema: JsonSchema): { properties: JsonSchema } & JsonSchema {
  const { $schema: _dialect, properties, ...rest } = schema;
  return { ...rest, properties: { ...(properties as JsonSchema | undefined) } };
}

/** `if` … `then` … `else` of a JSON Schema. */
export function choice(condition: JsonSchema, yes: JsonSchema, no?: JsonSchema): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema says `then`; nobody awaits it
  return { if: condition, then: yes, ...(no === undefined ? {} : { else: no }) };
}
