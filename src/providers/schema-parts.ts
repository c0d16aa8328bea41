import { durationPattern } from '../core/duration.ts';
import type { JsonSchema } from '../core/json.ts';

// Pieces that the schemas of provider.yaml are put together from.

type Properties = Readonly<Record<string, JsonSchema>>;

export const text = (description: string): JsonSchema => ({ type: 'string', minLength: 1, description });
export const duration = (description: string): JsonSchema => ({
  type: 'string',
  pattern: durationPattern,
  description,
});
export const whole = (minimum: number, maximum: number, description: string): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
export const object = (description: string, properties: Properties, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  description,
  additionalProperties: false,
  properties,
  required,
});
export const named = (description: string, pattern: string, value: JsonSchema): JsonSchema => ({
  type: 'object',
  description,
  propertyNames: { pattern },
  additionalProperties: value,
});
export const oneOrMore = (description: string): JsonSchema => ({
  type: ['string', 'array'],
  description,
  minLength: 1,
  minItems: 1,
  items: { type: 'string', minLength: 1 },
});

export const headers = named(
  'Header name → template.',
  "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
  text('Template: {key}, {payload.Path}, {settings.name}.'),
);
export const path = (description: string): JsonSchema => ({ type: 'string', pattern: '^/', description });

export const statuses: JsonSchema = {
  description: 'HTTP statuses: 409, 5xx, or a list of them.',
  type: ['integer', 'string', 'array'],
  minimum: 100,
  maximum: 599,
  pattern: '^[1-5]xx$',
  minItems: 1,
  items: { type: ['integer', 'string'], minimum: 100, maximum: 599, pattern: '^[1-5]xx$' },
};
