export type { ProviderDefinition } from './definition.ts';
export { parseProvider, type ParsedProvider } from './parse-provider.ts';
export { providerSchema } from './provider-schema.ts';
export { createProvider, type ProviderOptions } from './provider.ts';
export { checkSettings } from './settings.ts';
