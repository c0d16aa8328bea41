import { isJsonObject, isRawNumber, type Json, type JsonObject } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { Reader } from '../feed/reader.ts';
import { fillTemplate, type Template, type TemplateValues, type VariableKind } from './template.ts';

/** A JSON value whose texts are templates. */
export type BodyTemplate =
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'list'; readonly elements: readonly BodyTemplate[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, value: BodyTemplate])[] };

/** Compiles a body as written in a definition; templates that cannot be used are reported at their place. */
export function parseBody(reader: Reader, value: Json, at: KeyPath, allowed: readonly VariableKind[]): BodyTemplate {
  if (typeof value === 'string') return { kind: 'text', template: reader.template(value, at, allowed) };
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return { kind: 'constant', value };
  if (isJsonObject(value)) {
    const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    return {
      kind: 'object',
      fields: entries.map(([name, inner]) => [name, parseBody(reader, inner, [...at, name], allowed)]),
    };
  }
  return {
    kind: 'list',
    elements: value.map((element, position) => parseBody(reader, element, [...at, position], allowed)),
  };
}

/** Fills in the values. What lacks one is left out; undefined when nothing is left. */
export function fillBody(body: BodyTemplate, values: TemplateValues): Json | undefined {
  switch (body.kind) {
    case 'constant':
      return body.value;
    case 'text':
      return body.template.parts.length === 0 ? '' : fillTemplate(body.template, values);
    case 'list':
      return body.elements.map((element) => fillBody(element, values)).filter((value) => value !== undefined);
    case 'object':
      return Object.fromEntries(
        body.fields.flatMap(([name, value]) => {
          const filled = fillBody(value, values);
          return filled === undefined ? [] : [[name, filled] as const];
        }),
      ) satisfies JsonObject;
  }
}
