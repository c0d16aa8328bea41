import { configSchema } from '../config/index.ts';
import type { JsonSchema } from '../core/json.ts';
import { textsSchema } from '../core/known-texts.ts';
import { formats } from '../formats/index.ts';
import { acknowledgementSchema } from '../outbound/index.ts';
import { mappingSchema } from '../mapping/index.ts';
import { providerSchema } from '../providers/index.ts';

/** The shapes of the files people write, as the program checks them. */
export const schemas = {
  config: configSchema,
  mapping: mappingSchema(formats),
  provider: providerSchema,
  texts: textsSchema,
  acknowledgement: acknowledgementSchema,
} as const satisfies Record<string, JsonSchema>;
export type SchemaName = keyof typeof schemas;
