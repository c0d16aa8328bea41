export type { Limits, ProviderDefinition, Setting } from './definition.ts';
export { parseProvider, type ParsedProvider, type ReadSchema } from './parse-provider.ts';
export { providerSchema } from './provider-schema.ts';
export { createProvider, type ProviderOptions } from './provider.ts';
export { checkSettings } from './settings.ts';
